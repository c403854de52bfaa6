using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>
/// The live side of a classic group: members, their parked requests, the state machine. It is soft: what must outlive the coordinator is
/// in the group record that the rebalance writes, and a fresh coordinator makes this object from that record.
/// </summary>
/// <remarks>
/// Members are kept in the order in which they came, so that every choice among them (a new leader, an even vote) comes out the same
/// wherever it is replayed. Which requests are answered and which timers run is the affair of <see cref="Rebalance"/> and the operations.
/// </remarks>
internal sealed class ClassicGroup(string groupId)
{
    private readonly OrderedDictionary<string, ClassicMember> members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> staticMembers = new(StringComparer.Ordinal);
    private readonly HashSet<string> pendingMembers = new(StringComparer.Ordinal);
    private readonly HashSet<string> pendingSync = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> supporters = new(StringComparer.Ordinal);

    public string GroupId { get; } = groupId;

    public ClassicGroupState State { get; private set; } = ClassicGroupState.Empty;

    /// <summary>The state before this one; Dead for a group just made.</summary>
    public ClassicGroupState PreviousState { get; private set; } = ClassicGroupState.Dead;

    /// <summary>When the state was entered; -1 when an old record does not tell.</summary>
    public long StateTimestampMs { get; private set; } = -1;

    public int Generation { get; private set; }

    /// <summary>"consumer" for consumers, "connect" for Connect; null until somebody joined.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>The protocol of this generation; null when empty.</summary>
    public string? ProtocolName { get; private set; }

    public string? LeaderId { get; private set; }

    /// <summary>Topics the members subscribe to; null when unknown. See <see cref="ConsumerSubscription"/>.</summary>
    public HashSet<string>? SubscribedTopics { get; private set; }

    public IList<ClassicMember> Members => members.Values;

    public int AwaitingJoinCount { get; private set; }

    public int PendingMemberCount => pendingMembers.Count;

    /// <summary>A member came during the initial delay, which is then prolonged.</summary>
    public bool NewMemberAdded { get; set; }

    /// <summary>The step of the initial delay that is running, and what of the rebalance timeout is left after it.</summary>
    public (int DelayMs, int RemainingMs) InitialDelay { get; set; }

    /// <summary>The leader's assignment for this generation is on its way to the log.</summary>
    public bool AssignmentPending { get; set; }

    public bool UsesConsumerProtocol => ProtocolType == ConsumerSubscription.ProtocolType;

    public bool IsEmpty => State == ClassicGroupState.Empty;

    public bool HasAllMembersJoined => members.Count == AwaitingJoinCount && pendingMembers.Count == 0;

    public bool HasAllSynced => pendingSync.Count == 0;

    /// <summary>The longest rebalance timeout among the members: the slowest one is waited for.</summary>
    public int RebalanceTimeoutMs
    {
        get
        {
            int longest = 0;
            foreach (ClassicMember member in members.Values) longest = Math.Max(longest, member.RebalanceTimeoutMs);
            return longest;
        }
    }

    /// <summary>A group without members, as it is when nothing or only offsets are known of it.</summary>
    public static ClassicGroup CreateEmpty(string groupId, long nowMs) => new(groupId) { StateTimestampMs = nowMs };

    /// <summary>Takes over what a record says; used once, on a group just made.</summary>
    internal void Restore(StoredGroup stored)
    {
        State = stored.Members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.Stable;
        StateTimestampMs = stored.StateTimestampMs;
        Generation = stored.Generation;
        ProtocolName = stored.ProtocolName;
        foreach (ClassicMember member in stored.Members) Insert(member);
        ProtocolType = stored.ProtocolType;
        LeaderId = stored.LeaderId is { } leader && Has(leader) ? leader : members.Count == 0 ? null : members.GetAt(0).Key;
        SubscribedTopics = ConsumerSubscription.TopicsOf(this);
    }

    public ClassicMember? Find(string memberId) => members.GetValueOrDefault(memberId);

    public bool Has(string memberId) => members.ContainsKey(memberId);

    public string? StaticMemberId(string groupInstanceId) => staticMembers.GetValueOrDefault(groupInstanceId);

    public bool IsLeader(string memberId) => LeaderId == memberId;

    public bool IsPending(string memberId) => pendingMembers.Contains(memberId);

    public void AddPending(string memberId) => pendingMembers.Add(memberId);

    public void ExpectSync(string memberId) => pendingSync.Add(memberId);

    public void Synced(string memberId) => pendingSync.Remove(memberId);

    public bool IsExpectedToSync(string memberId) => pendingSync.Contains(memberId);

    public void ForgetExpectedSyncs() => pendingSync.Clear();

    /// <summary>Checks a member that names itself: it must be known, and an instance id must be its own (KIP-345).</summary>
    public ErrorCode Validate(string memberId, string? groupInstanceId)
    {
        if (groupInstanceId is not null)
        {
            string? current = StaticMemberId(groupInstanceId);
            if (current is null) return ErrorCode.UnknownMemberId;
            if (current != memberId) return ErrorCode.FencedInstanceId;
        }

        return Has(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>Whether somebody who offers this may join: an empty group takes anyone, others need a protocol that all can speak.</summary>
    public bool Supports(string protocolType, IReadOnlyList<MemberProtocol> protocols)
    {
        if (IsEmpty) return protocolType.Length > 0 && protocols.Count > 0;
        if (ProtocolType != protocolType) return false;
        foreach (MemberProtocol protocol in protocols)
        {
            if (supporters.GetValueOrDefault(protocol.Name) == members.Count) return true;
        }

        return false;
    }

    /// <summary>Adds a member. The first one gives the group its protocol type and is its leader.</summary>
    public void Add(ClassicMember member)
    {
        if (members.Count == 0) ProtocolType = member.ProtocolType;
        Invariant.That(ProtocolType == member.ProtocolType);
        Insert(member);
        LeaderId ??= member.MemberId;
        pendingMembers.Remove(member.MemberId);
    }

    /// <summary>Takes a member or a pending member out. Its parked requests must have been answered. The oldest member leads next.</summary>
    public void Remove(string memberId)
    {
        if (members.Remove(memberId, out ClassicMember? member))
        {
            Invariant.That(member.AwaitingJoin is null && member.AwaitingSync is null);
            Support(member, -1);
            if (member.GroupInstanceId is { } instance) staticMembers.Remove(instance);
        }

        if (IsLeader(memberId)) LeaderId = members.Count == 0 ? null : members.GetAt(0).Key;
        pendingMembers.Remove(memberId);
        pendingSync.Remove(memberId);
    }

    /// <summary>Puts a static member that came back in the place of its former self. The former's requests must have been answered.</summary>
    public ClassicMember Replace(ClassicMember old, string newMemberId)
    {
        Invariant.That(old.AwaitingJoin is null && old.AwaitingSync is null && old.IsStatic);
        ClassicMember replacement = old.WithId(newMemberId);
        int index = members.IndexOf(old.MemberId);
        members.RemoveAt(index);
        members.Insert(index, newMemberId, replacement);
        staticMembers[old.GroupInstanceId!] = newMemberId;
        if (IsLeader(old.MemberId)) LeaderId = newMemberId;
        pendingSync.Remove(old.MemberId);
        return replacement;
    }

    /// <summary>Takes over what a member offers when it joins again.</summary>
    public void Update(ClassicMember member, IReadOnlyList<MemberProtocol> protocols, int rebalanceTimeoutMs, int sessionTimeoutMs)
    {
        Support(member, -1);
        member.Protocols = protocols;
        Support(member, +1);
        member.RebalanceTimeoutMs = rebalanceTimeoutMs;
        member.SessionTimeoutMs = sessionTimeoutMs;
    }

    /// <summary>Parks or releases a member's JoinGroup. The request it held before is the caller's to answer.</summary>
    public void SetAwaitingJoin(ClassicMember member, ReplyToken? token)
    {
        AwaitingJoinCount += (token is null ? 0 : 1) - (member.AwaitingJoin is null ? 0 : 1);
        member.AwaitingJoin = token;
    }

    /// <summary>Makes sure that the leader is a member that joined this time; false when nobody has.</summary>
    public bool ElectJoinedLeader()
    {
        if (LeaderId is null) return false;
        if (Find(LeaderId)?.AwaitingJoin is not null) return true;
        foreach (ClassicMember member in members.Values)
        {
            if (member.AwaitingJoin is null) continue;
            LeaderId = member.MemberId;
            return true;
        }

        return false;
    }

    public void TransitionTo(ClassicGroupState state, long nowMs)
    {
        Invariant.That(ClassicGroupTransitions.IsValid(State, state));
        PreviousState = State;
        State = state;
        StateTimestampMs = nowMs;
        AssignmentPending = false;
    }

    /// <summary>Begins the next generation, with the protocol that most members want; without members the group is empty.</summary>
    public void BeginGeneration(long nowMs)
    {
        // A negative generation means "not a member" in OffsetCommit, so the count starts over instead of overflowing.
        Generation = Generation == int.MaxValue ? 1 : Generation + 1;
        ProtocolName = members.Count == 0 ? null : SelectProtocol();
        SubscribedTopics = ConsumerSubscription.TopicsOf(this);
        TransitionTo(members.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.CompletingRebalance, nowMs);
        pendingSync.Clear();
    }

    /// <summary>The protocol with most votes among those that all members offer; between equals the one voted for first.</summary>
    public string SelectProtocol()
    {
        Invariant.That(members.Count > 0);
        var votes = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (ClassicMember member in members.Values)
        {
            string choice = member.Vote(name => supporters.GetValueOrDefault(name) == members.Count);
            votes[choice] = votes.GetValueOrDefault(choice) + 1;
        }

        return votes.MaxBy(pair => pair.Value).Key;
    }

    /// <summary>Whether a topic's offsets are in use. A consumer group whose subscriptions cannot be read is taken to use all.</summary>
    public bool IsSubscribedTo(string topic) => SubscribedTopics?.Contains(topic) ?? UsesConsumerProtocol;

    private void Insert(ClassicMember member)
    {
        members.Add(member.MemberId, member);
        if (member.GroupInstanceId is { } instance) staticMembers.Add(instance, member.MemberId);
        Support(member, +1);
        if (member.AwaitingJoin is not null) AwaitingJoinCount++;
    }

    private void Support(ClassicMember member, int change)
    {
        foreach (MemberProtocol protocol in member.Protocols)
        {
            int count = supporters.GetValueOrDefault(protocol.Name) + change;
            if (count == 0) supporters.Remove(protocol.Name);
            else supporters[protocol.Name] = count;
        }
    }
}
