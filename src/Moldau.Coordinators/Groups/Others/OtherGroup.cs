using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Others;

/// <summary>
/// A consumer, share or streams group as its records tell. This coordinator does not run such groups: it lists them, keeps their records
/// and offsets as they are, and knows enough to delete one that is empty.
/// </summary>
internal sealed class OtherGroup(GroupType type)
{
    /// <summary>Streams members number their states from unknown = 0.</summary>
    private const sbyte StreamsMemberStable = 1;

    private readonly OrderedDictionary<string, IMessage> keys = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, OtherMember> members = new(StringComparer.Ordinal);

    public GroupType Type { get; } = type;

    /// <summary>Rises with every change of members, subscriptions or topics.</summary>
    public int Epoch { get; set; }

    /// <summary>The group epoch that the current assignment was made for.</summary>
    public int AssignmentEpoch { get; set; }

    /// <summary>A streams group's topology; -1 when it has none.</summary>
    public int TopologyEpoch { get; set; } = -1;

    /// <summary>The topology whose topics have been found in order; -1 when none has.</summary>
    public int ValidatedTopologyEpoch { get; set; } = -1;

    public bool IsEmpty => members.Count == 0;

    /// <summary>The keys of all records that make up the group, oldest first.</summary>
    public IEnumerable<IMessage> Keys => keys.Values;

    public string State
    {
        get
        {
            if (IsEmpty) return "Empty";
            if (Type == GroupType.Share) return "Stable";
            if (Type == GroupType.Streams && (TopologyEpoch < 0 || TopologyEpoch != ValidatedTopologyEpoch)) return "NotReady";
            if (Epoch > AssignmentEpoch) return "Assigning";
            sbyte stable = Type == GroupType.Streams ? StreamsMemberStable : (sbyte)0;
            return members.Values.All(member => member.State == stable && member.Epoch == AssignmentEpoch) ? "Stable" : "Reconciling";
        }
    }

    public OtherMember? Find(string memberId) => members.GetValueOrDefault(memberId);

    public void AddMember(string memberId) => members.TryAdd(memberId, new OtherMember());

    public void RemoveMember(string memberId) => members.Remove(memberId);

    public void Keep(string name, IMessage key) => keys[name] = key;

    public void Drop(string name) => keys.Remove(name);
}

/// <summary>A member of such a group.</summary>
internal sealed class OtherMember
{
    /// <summary>The epoch that the member has reached.</summary>
    public int Epoch { get; set; } = -1;

    /// <summary>Kafka's number for where the member stands in taking over its assignment.</summary>
    public sbyte State { get; set; }
}
