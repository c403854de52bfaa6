using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Moldau.Broker.Partitions;
using Moldau.Coordinators;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Groups;

/// <summary>
/// The group coordinator of a node: one <see cref="ShardLoop"/> for each partition of <c>__consumer_offsets</c> that it leads. Routes
/// operations to the shard of their group. Thread-safe.
/// </summary>
internal sealed class GroupCoordinator(GroupCoordinatorOptions options, IScheduler scheduler, Purgatory purgatory, ILogger logger)
{
    private readonly ConcurrentDictionary<int, (int Epoch, ShardLoop Loop)> shards = new();
    private readonly ConcurrentDictionary<int, Task> ending = new();
    private volatile int partitions = options.Partitions;

    public GroupCoordinatorOptions Options => options;

    /// <summary>
    /// Partitions of the topic. Groups are spread by it: Kafka, too, takes a change of it in only where the topic is made anew.
    /// </summary>
    public int Partitions
    {
        get => partitions;
        set => partitions = value;
    }

    public int PartitionOf(string groupId) => JavaHash.Partition(groupId, partitions);

    /// <summary>
    /// This node leads a partition from now on; news of an epoch that it has begun in, or of an older one, are none. Called by one thread at
    /// a time, as is <see cref="Resign"/>.
    /// </summary>
    public void BecomeLeader(int partition, int leaderEpoch, ICoordinatorLog log)
    {
        if (shards.TryGetValue(partition, out (int Epoch, ShardLoop Loop) current))
        {
            if (current.Epoch >= leaderEpoch) return;
            Resign(partition);
        }

        var loop = new ShardLoop(partition, log, options, scheduler, purgatory, logger);
        shards[partition] = (leaderEpoch, loop);
        loop.Start(ending.TryRemove(partition, out Task? former) ? former : Task.CompletedTask);
    }

    /// <summary>This node no longer leads a partition.</summary>
    public void Resign(int partition)
    {
        if (!shards.TryRemove(partition, out (int Epoch, ShardLoop Loop) current)) return;
        logger.GroupsResigned(partition);
        ending[partition] = scheduler.Start($"end groups-{partition}", current.Loop.StopAsync);
    }

    /// <summary>Ends all shards; completes when everything has been answered.</summary>
    public async Task StopAsync()
    {
        foreach (int partition in shards.Keys.Order())
        {
            if (shards.TryRemove(partition, out (int Epoch, ShardLoop Loop) current)) await current.Loop.StopAsync();
        }
    }

    /// <summary>Runs an operation on the shard of a group.</summary>
    public Task<T> AskAsync<T>(string groupId, Func<GroupShard, long, ReplyToken, CoordinatorResult> operation, Func<ErrorCode, T> refusal) =>
        AskAsync(PartitionOf(groupId), operation, refusal);

    /// <summary>Runs an operation on a shard.</summary>
    public Task<T> AskAsync<T>(int partition, Func<GroupShard, long, ReplyToken, CoordinatorResult> operation, Func<ErrorCode, T> refusal) =>
        shards.TryGetValue(partition, out (int Epoch, ShardLoop Loop) shard)
            ? shard.Loop.AskAsync(operation, refusal)
            : Task.FromResult(refusal(ErrorCode.NotCoordinator));

    /// <summary>
    /// Runs an operation on the shards of many groups, and returns the answers in the order of the groups.
    /// </summary>
    /// <param name="groupIds">The groups, each as often as it was asked for.</param>
    /// <param name="operation">The operation for those of them that are on one shard; it answers with a list in their order.</param>
    /// <param name="refusal">The answer for one group that says an error.</param>
    public async Task<T[]> AskForEachAsync<T>(
        IReadOnlyList<string> groupIds,
        Func<GroupShard, long, IReadOnlyList<string>, ReplyToken, CoordinatorResult> operation,
        Func<string, ErrorCode, T> refusal)
    {
        var answers = new T[groupIds.Count];
        var asked = new List<(int[] Places, Task<List<T>> Answers)>();
        foreach (IGrouping<int, int> shard in Enumerable.Range(0, groupIds.Count).GroupBy(place => PartitionOf(groupIds[place])))
        {
            int[] places = [.. shard];
            string[] ids = [.. places.Select(place => groupIds[place])];
            asked.Add((places, AskAsync(
                shard.Key,
                (core, now, token) => operation(core, now, ids, token),
                error => ids.Select(id => refusal(id, error)).ToList())));
        }

        foreach ((int[] places, Task<List<T>> task) in asked)
        {
            List<T> list = await task;
            for (int i = 0; i < places.Length; i++) answers[places[i]] = list[i];
        }

        return answers;
    }

    /// <summary>
    /// Runs an operation on every shard of this node. A shard that has just gone elsewhere has nothing to tell.
    /// </summary>
    public async Task<IReadOnlyList<T>> AskAllAsync<T>(Func<GroupShard, long, ReplyToken, CoordinatorResult> operation, Func<ErrorCode, T> refusal)
    {
        Task<T>[] asked = [.. shards.OrderBy(shard => shard.Key).Select(shard => shard.Value.Loop.AskAsync(operation, refusal))];

        // One after the other: waiting for them as one would go on wherever the last of them is answered, off the scheduler.
        var answers = new List<T>(asked.Length);
        foreach (Task<T> answer in asked) answers.Add(await answer);
        return answers;
    }

    /// <summary>Runs a step on every shard that nobody waits for.</summary>
    public void TellAll(Func<GroupShard, long, CoordinatorResult> step)
    {
        foreach ((_, (_, ShardLoop loop)) in shards.OrderBy(shard => shard.Key)) loop.Tell(step);
    }

    /// <summary>The random part of a member's id, in the form of Kafka's.</summary>
    public string NewMemberIdSuffix()
    {
        Span<byte> bytes = stackalloc byte[16];
        scheduler.FillRandom(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
