namespace Moldau.Coordinators.Groups.Classic;

/// <summary>
/// The classic groups of a shard as live objects, made from the durable state when first asked for. A live group falls with its record.
/// </summary>
internal sealed class LiveGroups(ReplayedState state)
{
    private readonly Dictionary<string, ClassicGroup> groups = new(StringComparer.Ordinal);

    /// <summary>Ids of all groups that exist live, in no order.</summary>
    public IReadOnlyCollection<string> Ids => groups.Keys;

    /// <summary>
    /// The group, if there is a classic one: one that members joined, or a simple one that has only offsets (a consumer that commits
    /// without joining). Null when there is none, or one of another type.
    /// </summary>
    public ClassicGroup? Find(string groupId)
    {
        if (groups.TryGetValue(groupId, out ClassicGroup? group)) return group;
        if (state.Others.Find(groupId) is not null) return null;
        if (state.Classic.TryGetValue(groupId, out StoredGroup? stored))
        {
            group = new ClassicGroup(groupId);
            group.Restore(stored);
        }
        else if (state.Offsets.Has(groupId))
        {
            group = new ClassicGroup(groupId);
        }

        if (group is not null) groups.Add(groupId, group);
        return group;
    }

    /// <summary>Makes a group where there is none. It lasts once its first record is written.</summary>
    public ClassicGroup Create(string groupId, long nowMs)
    {
        var group = ClassicGroup.CreateEmpty(groupId, nowMs);
        groups.Add(groupId, group);
        return group;
    }

    public bool IsCurrent(ClassicGroup group) => groups.GetValueOrDefault(group.GroupId) == group;

    public void Forget(string groupId) => groups.Remove(groupId);
}
