using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Groups;
using Moldau.Broker.Partitions;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Groups;

/// <summary>A group coordinator with one partition, in simulated time.</summary>
internal sealed class ShardWorld
{
    private ShardWorld(SimulatedWorld world, GroupCoordinatorOptions? options, int batchBytesMax)
    {
        World = world;
        Process = world.Driver;
        Log = new MemoryCoordinatorLog(Process.Scheduler) { BatchBytesMax = batchBytesMax };
        var purgatory = new Purgatory(Process.Scheduler.Time);
        options ??= new GroupCoordinatorOptions();
        Coordinator = new GroupCoordinator(options with { Partitions = 1 }, Process.Scheduler, purgatory, NullLogger.Instance);
    }

    public SimulatedWorld World { get; }

    public SimulatedProcess Process { get; }

    public MemoryCoordinatorLog Log { get; }

    public GroupCoordinator Coordinator { get; }

    public static void Run(Func<ShardWorld, Task> scenario, ulong seed = 1, GroupCoordinatorOptions? options = null, int batchBytesMax = 1_000_000)
    {
        using var world = new SimulatedWorld(seed);
        world.Run(() => scenario(new ShardWorld(world, options, batchBytesMax)));
    }

    /// <summary>Begins a term and waits until it serves.</summary>
    public async Task LeadAsync(int epoch)
    {
        Coordinator.BecomeLeader(0, epoch, Log);
        while ((await ListAsync()).Error == ErrorCode.CoordinatorLoadInProgress) await Delay(1);
    }

    public Task Delay(int ms) => Process.Scheduler.Delay(TimeSpan.FromMilliseconds(ms));

    public Task<ShardListing> ListAsync() =>
        Coordinator.AskAsync(0, (shard, now, token) => shard.ListGroups(now, [], [], token), error => new ShardListing([], error));

    public async Task<ErrorCode> CommitAsync(long offset, string group = "g", string topic = "in", string metadata = "")
    {
        var request = new OffsetCommitRequest { GroupId = group };
        OffsetCommitRequest.OffsetCommitRequestTopic entry = request.Topics.Add();
        entry.Name = topic;
        OffsetCommitRequest.OffsetCommitRequestPartition partition = entry.Partitions.Add();
        partition.CommittedOffset = offset;
        partition.CommittedMetadata = metadata;
        OffsetCommitResponse response = await Coordinator.AskAsync(
            group,
            (shard, now, token) => shard.OffsetCommit(now, request, new RequestOrigin("c", "/h", 9), token),
            error => new OffsetCommitResponse
            {
                Topics = [new() { Partitions = [new() { ErrorCode = (short)error }] }],
            });
        return (ErrorCode)response.Topics[0].Partitions[0].ErrorCode;
    }

    public async Task<(long Offset, ErrorCode Error)> FetchAsync(string group = "g", string topic = "in")
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [0] }] };
        OffsetFetchResponse.OffsetFetchResponseGroup response = await Coordinator.AskAsync(
            group,
            (shard, now, token) => shard.OffsetFetch(now, request, false, token),
            error => new OffsetFetchResponse.OffsetFetchResponseGroup { ErrorCode = (short)error });
        return response.ErrorCode == 0 ? (response.Topics[0].Partitions[0].CommittedOffset, ErrorCode.None) : (-1, (ErrorCode)response.ErrorCode);
    }

    public Task<JoinGroupResponse> JoinAsync(string group = "g", short version = 3)
    {
        var request = new JoinGroupRequest { GroupId = group, ProtocolType = "consumer", SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 10_000 };
        JoinGroupRequest.JoinGroupRequestProtocol protocol = request.Protocols.Add();
        protocol.Name = "range";
        protocol.Metadata = [0, 0, 0, 0, 0, 0];
        return Coordinator.AskAsync(
            group,
            (shard, now, token) => shard.JoinGroup(now, request, new RequestOrigin("c", "/h", version), Coordinator.NewMemberIdSuffix(), token),
            error => new JoinGroupResponse { ErrorCode = (short)error });
    }

    public async Task<ErrorCode> HeartbeatAsync(string member, int generation, string group = "g")
    {
        var request = new HeartbeatRequest { GroupId = group, MemberId = member, GenerationId = generation };
        HeartbeatResponse response = await Coordinator.AskAsync(
            group, (shard, now, token) => shard.Heartbeat(now, request, token), error => new HeartbeatResponse { ErrorCode = (short)error });
        return (ErrorCode)response.ErrorCode;
    }
}
