using System.Collections.Immutable;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>An access control entry; the numbers are those of the wire (KIP-140, KIP-290).</summary>
public sealed record AccessControlEntry(Uuid Id, sbyte ResourceType, string ResourceName, sbyte PatternType, string Principal, string Host, sbyte Operation, sbyte PermissionType);

/// <summary>The access control list. Immutable.</summary>
public sealed record AclsImage
{
    /// <summary>No entries.</summary>
    public static readonly AclsImage Empty = new();

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<Uuid, AccessControlEntry> Entries { get; init; } = ImmutableSortedDictionary<Uuid, AccessControlEntry>.Empty;

    internal AclsImage Replay(AccessControlEntryRecord r) => this with
    {
        Entries = Entries.SetItem(r.Id, new AccessControlEntry(r.Id, r.ResourceType, r.ResourceName, r.PatternType, r.Principal, r.Host, r.Operation, r.PermissionType)),
    };

    internal AclsImage Replay(RemoveAccessControlEntryRecord record)
    {
        if (!Entries.ContainsKey(record.Id)) throw new MetadataReplayException($"RemoveAccessControlEntryRecord for id {record.Id}, which does not exist");
        return this with { Entries = Entries.Remove(record.Id) };
    }
}
