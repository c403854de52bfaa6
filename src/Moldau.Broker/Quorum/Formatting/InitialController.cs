using System.Globalization;
using Moldau.Protocol;
using Moldau.Raft;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>A voter that a new quorum begins with, as <c>--initial-controllers</c> names it: <c>id@host:port:directory</c>.</summary>
/// <param name="NodeId">Its <c>node.id</c>.</param>
/// <param name="Host">Where its controller listener is.</param>
/// <param name="Port">Its port.</param>
/// <param name="DirectoryId">The id of its metadata directory.</param>
public readonly record struct InitialController(BrokerId NodeId, string Host, int Port, Uuid DirectoryId)
{
    /// <summary>Reads a comma-separated list.</summary>
    /// <exception cref="FormatRefusedException">It is none, or names a node twice.</exception>
    public static IReadOnlyList<InitialController> ParseList(string text)
    {
        var controllers = new SortedDictionary<int, InitialController>();
        foreach (string entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            InitialController controller = Parse(entry);
            if (!controllers.TryAdd(controller.NodeId, controller))
                throw new FormatRefusedException($"Node id {controller.NodeId} was specified more than once.");
        }

        return controllers.Count > 0 ? [.. controllers.Values] : throw new FormatRefusedException("No voters given.");
    }

    internal VoterNode ToVoter(string listener) =>
        new(new ReplicaKey(NodeId, DirectoryId), [new VoterEndpoint(listener, Host, Port)], 0, 1);

    private static InitialController Parse(string entry)
    {
        int at = entry.IndexOf('@', StringComparison.Ordinal);
        if (at < 0) throw new FormatRefusedException("No @ found in dynamic voter string.");
        if (!int.TryParse(entry.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out int nodeId))
            throw new FormatRefusedException("Failed to parse node id in dynamic voter string.");

        string rest = entry[(at + 1)..];
        string host;
        if (rest.StartsWith('['))
        {
            int close = rest.IndexOf(']', StringComparison.Ordinal);
            if (close < 0) throw new FormatRefusedException("Hostname began with left bracket, but no right bracket was found.");
            (host, rest) = (rest[1..close], rest[(close + 1)..]);
        }
        else
        {
            int colon = rest.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) throw new FormatRefusedException("No colon following hostname could be found.");
            (host, rest) = (rest[..colon], rest[colon..]);
        }

        if (!rest.StartsWith(':')) throw new FormatRefusedException("Port section must start with a colon.");
        int directoryAt = rest.IndexOf(':', 1);
        if (directoryAt < 0) throw new FormatRefusedException("No colon following port could be found.");
        if (!int.TryParse(rest.AsSpan(1, directoryAt - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
            throw new FormatRefusedException("Failed to parse port in dynamic voter string.");
        if (!Uuid.TryParse(rest[(directoryAt + 1)..], out Uuid directory))
            throw new FormatRefusedException("Failed to parse directory ID in dynamic voter string.");
        return new InitialController((BrokerId)nodeId, host, port, directory);
    }
}
