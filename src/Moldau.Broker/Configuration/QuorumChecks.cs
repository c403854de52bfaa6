using System.Globalization;
using Moldau.Metadata.Configuration;

namespace Moldau.Broker.Configuration;

/// <summary>The metadata quorum: who votes, and how a node finds it.</summary>
internal static class QuorumChecks
{
    private const string Voters = "controller.quorum.voters", Servers = "controller.quorum.bootstrap.servers";

    public static void Run(ConfigValues values, NodeRoles roles)
    {
        IReadOnlyList<string> voters = values.Get(QuorumKeys.ControllerQuorumVoters) ?? [], servers = values.Get(QuorumKeys.ControllerQuorumBootstrapServers) ?? [];
        int nodeId = values.Get(NodeKeys.NodeId);
        HashSet<int> ids = [.. voters.Select(ParseVoter)];
        foreach (string server in servers) CheckAddress(Servers, server, server);
        if (voters.Count == 0 && servers.Count == 0 && roles.IsBrokerAlone)
        {
            throw ConfigException.Missing(Servers, "a broker finds the controllers by it, or by controller.quorum.voters");
        }

        if (voters.Count == 0) return;
        if (ids.Count < voters.Count) throw new ConfigException(Voters, string.Join(',', voters), "a voter is named twice");
        if (roles.IsController && !ids.Contains(nodeId))
        {
            throw new ConfigException(Voters, string.Join(',', voters), $"the node is a controller, so its node.id, {nodeId}, must be among the voters");
        }

        if (roles.IsBrokerAlone && ids.Contains(nodeId))
        {
            throw new ConfigException(Voters, string.Join(',', voters), $"the node is a broker alone, so its node.id, {nodeId}, must not be among the voters");
        }

        if (roles.IsController && ids.Count > 1) throw new ConfigException(Voters, string.Join(',', voters), "a quorum of more than one node is not there yet");
    }

    private static int ParseVoter(string voter)
    {
        int at = voter.IndexOf('@');
        if (at <= 0 || !int.TryParse(voter.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            throw new ConfigException(Voters, voter, "id@host:port is needed");
        }

        CheckAddress(Voters, voter, voter[(at + 1)..]);
        return id;
    }

    private static void CheckAddress(string key, string entry, string address)
    {
        int colon = address.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            throw new ConfigException(key, entry, key == Voters ? "id@host:port is needed" : "host:port is needed");
        }
    }
}
