using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Clusters;

/// <summary>Finds and remembers the brokers that coordinate groups. Thread-safe.</summary>
internal sealed class CoordinatorFinder(Cluster cluster)
{
    private const short FirstVersionWithKeys = 4;
    private readonly Lock gate = new();
    private readonly Dictionary<string, BrokerEndpoint> known = new(StringComparer.Ordinal);

    /// <summary>The coordinator of a group.</summary>
    /// <exception cref="KafkaException">COORDINATOR_NOT_AVAILABLE and others; retriable ones may pass.</exception>
    public async Task<BrokerEndpoint> FindAsync(string group, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (known.TryGetValue(group, out BrokerEndpoint? found)) return found;
        }

        BrokerEndpoint asked = await AskAsync(group, cancellation);
        lock (gate)
        {
            if (known.Count >= Limits.KnownCoordinators) known.Clear();
            known[group] = asked;
        }

        return asked;
    }

    /// <summary>A connection to the coordinator of a group.</summary>
    /// <exception cref="KafkaException">There is none at the moment, or it cannot be reached; then it is looked up again next time.</exception>
    public async Task<KafkaConnection> ConnectAsync(string group, LinkPurpose purpose, int owner, CancellationToken cancellation)
    {
        BrokerEndpoint coordinator = await FindAsync(group, cancellation);
        try
        {
            return await cluster.Links.ConnectAsync(coordinator, purpose, owner, cancellation);
        }
        catch (KafkaException)
        {
            Forget(group);
            throw;
        }
    }

    /// <summary>Forgets the coordinator of a group, after it said that it is not, or did not answer.</summary>
    public void Forget(string group)
    {
        lock (gate) known.Remove(group);
    }

    /// <summary>Forgets the coordinator when the failure says that it is another, or gone.</summary>
    public void Note(string group, ErrorCode error)
    {
        if (error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.NetworkException or ErrorCode.RequestTimedOut) Forget(group);
    }

    private async Task<BrokerEndpoint> AskAsync(string group, CancellationToken cancellation)
    {
        KafkaConnection connection = await cluster.AnyAsync(cancellation);
        short version = connection.VersionOf(ApiKey.FindCoordinator);
        var request = new FindCoordinatorRequest();
        if (version >= FirstVersionWithKeys) request.CoordinatorKeys.Add(group);
        else request.Key = group;
        FindCoordinatorResponse response = await connection.SendAsync(request, version: version, cancellation: cancellation);
        if (version < FirstVersionWithKeys)
        {
            Require((ErrorCode)response.ErrorCode, group, response.ErrorMessage);
            return new BrokerEndpoint(response.NodeId, response.Host, response.Port);
        }

        if (response.Coordinators.Count != 1) throw KafkaException.Of(ErrorCode.CoordinatorNotAvailable, $"coordinator of group '{group}'");
        FindCoordinatorResponse.Coordinator found = response.Coordinators[0];
        Require((ErrorCode)found.ErrorCode, group, found.ErrorMessage);
        return new BrokerEndpoint(found.NodeId, found.Host, found.Port);
    }

    private static void Require(ErrorCode error, string group, string? message)
    {
        if (error != ErrorCode.None) throw KafkaException.Of(error, $"coordinator of group '{group}'", message);
    }
}
