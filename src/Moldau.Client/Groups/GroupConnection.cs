using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>A member's requests to its group's coordinator, over a connection of its own since JoinGroup may wait long.</summary>
internal sealed class GroupConnection(Cluster cluster, string group, int owner)
{
    /// <summary>Sends a request; a failure that says the coordinator has moved makes the next request look for it.</summary>
    /// <exception cref="KafkaException">It could not be sent, or the answer's own error (by <paramref name="error"/>) is not NONE.</exception>
    public async Task<TResponse> SendAsync<TResponse>(
        Func<short, IRequest<TResponse>> make, ApiKey api, short highest, Func<TResponse, ErrorCode> error, TimeSpan? timeout, CancellationToken cancellation)
        where TResponse : IResponse, new()
    {
        try
        {
            KafkaConnection connection = await cluster.Coordinators.ConnectAsync(group, LinkPurpose.Group, owner, cancellation);
            short version = connection.VersionOf(api, highest);
            TResponse response = await connection.SendAsync(make(version), timeout, version, cancellation);
            ErrorCode code = error(response);
            return code == ErrorCode.None ? response : throw KafkaException.Of(code, $"group '{group}'");
        }
        catch (KafkaException e)
        {
            cluster.Coordinators.Note(group, e.Code);
            throw;
        }
    }
}
