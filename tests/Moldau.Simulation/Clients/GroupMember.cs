using System.Globalization;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>
/// A member of a consumer group: joins, assigns when it is the leader, processes what it is assigned, commits, and now and then leaves. The classic protocol,
/// step by step, with every answer held against the <see cref="GroupLedger"/>.
/// </summary>
internal sealed class GroupMember(SimulatedProcess process, ClusterLedger ledger, GroupLedger group, string groupId, string topic, Func<int> boots)
    : NodeClient(process, ledger)
{
    private readonly GroupOffsets offsets = new(group, groupId, boots);
    private string memberId = "";
    private int partitions;

    /// <summary>The generation it works in; -1: none.</summary>
    public int Generation { get; private set; } = -1;

    /// <summary>What it is assigned in that generation.</summary>
    public IReadOnlyList<Partition> Assigned { get; private set; } = [];

    /// <summary>Whether it may leave, at random. Once nothing is to go wrong any more it stays.</summary>
    public Func<bool> MayLeave { get; init; } = static () => false;

    public async Task RunAsync()
    {
        partitions = await FindTopicAsync(topic);
        while (true)
        {
            await AttemptAsync(JoinAndWorkAsync);
            Generation = -1;
            await PauseAsync();
        }
    }

    // Returns when the member has to join again; a failure of the network leads to the same, over a new connection.
    private async Task JoinAndWorkAsync()
    {
        Generation = -1;
        if (!await FindCoordinatorAsync() || await JoinAsync() is not { } joined || !await SyncAsync(joined)) return;
        SortedDictionary<Partition, long> positions = [];
        if (Assigned.Count > 0)
        {
            OffsetFetchResponse committed = await offsets.FetchAsync(AskAsync, Assigned);
            if (committed.ErrorCode != 0) return;
            foreach ((Partition partition, long offset) in offsets.Committed(committed)) positions[partition] = Math.Max(0, offset);
        }

        await WorkAsync(positions);
    }

    private async Task<bool> FindCoordinatorAsync()
    {
        FindCoordinatorResponse response = await AskAsync(new FindCoordinatorRequest { Key = groupId, KeyType = 0 }, GroupRequests.FindCoordinatorVersion);
        return Works((ErrorCode)response.ErrorCode, "finds no coordinator");
    }

    private async Task<JoinGroupResponse?> JoinAsync()
    {
        while (true)
        {
            JoinGroupResponse response = await AskAsync(GroupRequests.Join(groupId, memberId, topic), GroupRequests.JoinVersion);
            var error = (ErrorCode)response.ErrorCode;
            if (error != ErrorCode.MemberIdRequired) return Works(error, "may not join") ? response : null;
            memberId = response.MemberId;
        }
    }

    private async Task<bool> SyncAsync(JoinGroupResponse joined)
    {
        memberId = joined.MemberId;
        SortedDictionary<string, List<Partition>> decided = new(StringComparer.Ordinal);
        if (joined.Leader == memberId)
        {
            decided = Decide(joined.Members.Select(static member => member.MemberId));
            group.HandIn(joined.GenerationId, joined.Leader, decided);
        }

        SyncGroupResponse response = await AskAsync(GroupRequests.Sync(groupId, memberId, joined.GenerationId, decided), GroupRequests.SyncVersion);
        if (!Works((ErrorCode)response.ErrorCode, "is told nothing")) return false;
        List<Partition> told = GroupRequests.Assigned(topic, response.Assignment);
        group.Told(joined.GenerationId, joined.Leader, memberId, told);
        (Generation, Assigned) = (joined.GenerationId, told);
        return true;
    }

    private SortedDictionary<string, List<Partition>> Decide(IEnumerable<string> members)
    {
        SortedDictionary<string, List<Partition>> decided = new(StringComparer.Ordinal);
        foreach (string member in members) decided.Add(member, []);
        string[] order = [.. decided.Keys];
        for (int i = 0; i < partitions; i++) decided[order[i % order.Length]].Add(new Partition(topic, i));
        return decided;
    }

    private async Task WorkAsync(SortedDictionary<Partition, long> positions)
    {
        while (true)
        {
            if (positions.Count == 0) await Process.Scheduler.Delay(TimeSpan.FromMilliseconds(500));
            else await ProcessAsync(positions);
            HeartbeatResponse heartbeat = await AskAsync(new HeartbeatRequest { GroupId = groupId, MemberId = memberId, GenerationId = Generation }, GroupRequests.HeartbeatVersion);
            if (!Works((ErrorCode)heartbeat.ErrorCode, "may not go on")) return;
            if (MayLeave() && Random.Chance(30))
            {
                await LeaveAsync();
                return;
            }
        }
    }

    private async Task ProcessAsync(SortedDictionary<Partition, long> positions)
    {
        FetchResponse response = await AskAsync(Requests.Fetch(positions.Select(static each => (each.Key, each.Value)), 500), Requests.FetchVersion);
        SortedDictionary<Partition, long> advanced = [];
        foreach ((Partition partition, FetchResponse.PartitionData data) in Reader.Answers(response))
        {
            foreach ((long offset, string value) in Requests.Content(partition, data.Records, positions[partition]))
            {
                Ledger.Of(partition).Read(offset, value);
                group.Processed(partition).Add(offset);
                advanced[partition] = positions[partition] = offset + 1;
            }
        }

        if (advanced.Count > 0) await CommitAsync(advanced);
    }

    // A commit that fails is not repeated: the next one, or the next owner, covers it.
    private async Task CommitAsync(SortedDictionary<Partition, long> positions)
    {
        bool tooLate = Generation < group.LatestGeneration;
        foreach ((Commit commit, ErrorCode error) in await offsets.CommitAsync(AskAsync, memberId, Generation, positions))
        {
            Works(error, "may not commit");
            if (error == ErrorCode.None && tooLate)
            {
                throw new BrokenPromiseException($"{commit} in generation {Generation} was acknowledged, after generation {group.LatestGeneration} had begun");
            }
        }
    }

    private async Task LeaveAsync()
    {
        LeaveGroupRequest request = new() { GroupId = groupId };
        request.Members.Add().MemberId = memberId;
        memberId = "";
        await AskAsync(request, GroupRequests.LeaveVersion);
        await Process.Scheduler.Delay(Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(3)));
    }

    // False: join again. What a member may be told is told apart from what no member in its right mind may be.
    private bool Works(ErrorCode error, string what)
    {
        if (error == ErrorCode.UnknownMemberId) memberId = "";
        if (error is ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration || Requests.IsTransient(error)) return false;
        if (error == ErrorCode.None) return true;
        throw new BrokenPromiseException(string.Create(CultureInfo.InvariantCulture, $"{Name} {what} in group {groupId}: {error.KafkaName()}"));
    }
}
