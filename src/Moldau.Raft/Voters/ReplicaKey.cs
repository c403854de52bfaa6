using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>A replica of the metadata log: node id and the id of the directory that holds the log, so that a node with a fresh disk is another replica (KIP-853).</summary>
/// <param name="Id">The node id.</param>
/// <param name="DirectoryId">The directory's id; <see cref="Uuid.Zero"/> where it is not known (kraft.version 0).</param>
public readonly record struct ReplicaKey(int Id, Uuid DirectoryId) : IComparable<ReplicaKey>
{
    /// <summary>Whether the directory is known.</summary>
    public bool HasDirectory => DirectoryId != Uuid.Zero;

    public int CompareTo(ReplicaKey other)
    {
        int id = Id.CompareTo(other.Id);
        return id != 0 ? id : DirectoryId.CompareTo(other.DirectoryId);
    }

    public override string ToString() => HasDirectory ? $"{Id}:{DirectoryId}" : $"{Id}";
}
