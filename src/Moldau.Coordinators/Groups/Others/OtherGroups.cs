using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Others;

/// <summary>The groups of other types in a shard's log. Only replayed records change them.</summary>
internal sealed class OtherGroups
{
    private readonly Dictionary<string, OtherGroup> groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Ids => groups.Keys;

    public OtherGroup? Find(string groupId) => groups.GetValueOrDefault(groupId);

    public void Remove(string groupId) => groups.Remove(groupId);

    /// <summary>Takes a record over. Returns the group it belongs to, or null when the record is not of this kind.</summary>
    public string? Replay(IMessage key, IMessage? value)
    {
        if (OtherRecord.Describe(key) is not { } record) return null;
        if (value is null) Delete(record);
        else Put(record, key, value);
        return record.GroupId;
    }

    private void Put(OtherRecord record, IMessage key, IMessage value)
    {
        // A group whose first records have been compacted away is met by any of them.
        if (!groups.TryGetValue(record.GroupId, out OtherGroup? group) || group.Type != record.Type)
        {
            groups[record.GroupId] = group = new OtherGroup(record.Type);
        }

        group.Keep(record.Name, key);
        if (record.Part == OtherRecordPart.Member) group.AddMember(record.MemberId);
        OtherRecord.Apply(group, record, value);
    }

    private void Delete(OtherRecord record)
    {
        if (!groups.TryGetValue(record.GroupId, out OtherGroup? group) || group.Type != record.Type) return;
        group.Drop(record.Name);
        if (record.Part == OtherRecordPart.Member) group.RemoveMember(record.MemberId);
        if (record.Part == OtherRecordPart.Topology) group.TopologyEpoch = -1;
        if (record.Part == OtherRecordPart.Group) groups.Remove(record.GroupId);
    }
}
