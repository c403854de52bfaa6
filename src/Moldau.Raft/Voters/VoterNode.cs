using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>Where a voter listens.</summary>
/// <param name="Listener">The listener's name, in capitals.</param>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
public readonly record struct VoterEndpoint(string Listener, string Host, int Port);

/// <summary>A voter as the voter set describes it. Immutable.</summary>
/// <param name="Key">Its node and directory.</param>
/// <param name="Endpoints">Its controller listeners, in the order of its configuration.</param>
/// <param name="MinKRaftVersion">Lowest kraft.version it supports.</param>
/// <param name="MaxKRaftVersion">Highest kraft.version it supports.</param>
public sealed record VoterNode(ReplicaKey Key, IReadOnlyList<VoterEndpoint> Endpoints, short MinKRaftVersion, short MaxKRaftVersion)
{
    /// <summary>The node id.</summary>
    public int Id => Key.Id;

    /// <summary>Whether <paramref name="key"/> is this voter. A voter without a directory id is known by its node id alone.</summary>
    public bool Is(ReplicaKey key) => key.Id == Key.Id && (!Key.HasDirectory || Key.DirectoryId == key.DirectoryId);

    public bool Equals(VoterNode? other) =>
        other is not null && Key == other.Key && MinKRaftVersion == other.MinKRaftVersion && MaxKRaftVersion == other.MaxKRaftVersion
        && Endpoints.SequenceEqual(other.Endpoints);

    public override int GetHashCode() => Key.Id;
}
