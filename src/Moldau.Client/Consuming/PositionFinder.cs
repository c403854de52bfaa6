using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Waiting;
using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>Finds positions for partitions that have none: the group's committed offset, else an end of the log. Works in the background; the caller's poll takes the result.</summary>
internal sealed class PositionFinder(Cluster cluster, ConsumerOptions options, Signal work)
{
    private readonly GroupOffsets offsets = new(new AdminRequests(cluster));
    private readonly LeaderRequests leaders = new(cluster);
    private readonly Errand finding = new(cluster.Scheduler, work);
    private List<Found> found = [];
    private KafkaException? failure;

    /// <summary>Takes what was found since the last call and begins to look for what is missing.</summary>
    /// <exception cref="KafkaException">The last search failed for good.</exception>
    public void Advance(IEnumerable<AssignedPartition> assigned)
    {
        if (finding.IsRunning) return;
        Apply();
        List<Wish> wishes = [.. assigned.Where(static each => each.Position < 0).Select(static each => new Wish(each, each.Move, each.Wanted))];
        if (wishes.Count > 0) finding.Start("consumer positions", () => FindAsync(wishes));
    }

    private void Apply()
    {
        foreach (Found each in found)
        {
            if (each.Wish.Partition.Move == each.Wish.Move) each.Wish.Partition.SeekTo(each.Offset, each.Epoch);
        }

        found = [];
        KafkaException? last = failure;
        failure = null;
        if (last is not null && !last.IsRetriable) throw last;
    }

    private async Task FindAsync(List<Wish> wishes)
    {
        List<Found> results = [];
        KafkaException? failed = null;
        try
        {
            List<Wish> open = await CommittedAsync(wishes, results);
            await ListedAsync(open, results);
        }
        catch (KafkaException e)
        {
            failed = e;
        }

        found = results;
        failure = failed;
    }

    private async Task<List<Wish>> CommittedAsync(List<Wish> wishes, List<Found> results)
    {
        List<Wish> open = [.. wishes.Where(static wish => wish.Wanted is not null)];
        List<Wish> asked = [.. wishes.Where(static wish => wish.Wanted is null)];
        if (options.GroupId is not { } group || asked.Count == 0) return [.. open, .. asked];
        IReadOnlyList<CommittedOffset> committed =
            await offsets.FetchAsync(group, [.. asked.Select(static wish => wish.Partition.Partition)], CancellationToken.None, requireStable: true);
        Dictionary<TopicPartition, CommittedOffset> byPartition = committed.ToDictionary(static each => each.Partition);
        foreach (Wish wish in asked)
        {
            if (!byPartition.TryGetValue(wish.Partition.Partition, out CommittedOffset? offset) || offset.Error != ErrorCode.None)
            {
                throw KafkaException.Of(offset?.Error ?? ErrorCode.UnknownServerError, $"committed offset of {wish.Partition.Partition}");
            }

            if (offset.Offset >= 0) results.Add(new Found(wish, offset.Offset, offset.LeaderEpoch));
            else open.Add(wish);
        }

        return open;
    }

    private async Task ListedAsync(List<Wish> wishes, List<Found> results)
    {
        if (wishes.Count == 0) return;
        Dictionary<TopicPartition, OffsetSpec> specs = [];
        foreach (Wish wish in wishes) specs[wish.Partition.Partition] = wish.Wanted ?? Default(wish.Partition.Partition);
        IReadOnlyList<ListedOffset> listed = await OffsetLookup.RunAsync(leaders, specs, options.IsolationLevel, cluster.Options.OperationTimeout, CancellationToken.None);
        Dictionary<TopicPartition, ListedOffset> byPartition = listed.ToDictionary(static each => each.Partition);
        List<TopicPartition> tooNew = [];
        foreach (Wish wish in wishes)
        {
            ListedOffset offset = byPartition[wish.Partition.Partition];
            if (offset.Error != ErrorCode.None) throw KafkaException.Of(offset.Error, $"offset of {offset.Partition}");
            if (offset.Offset >= 0) results.Add(new Found(wish, offset.Offset, offset.LeaderEpoch));
            else tooNew.Add(offset.Partition);
        }

        if (tooNew.Count == 0) return;
        // No record is as new as the time that was asked for: begin at the end.
        Dictionary<TopicPartition, OffsetSpec> ends = tooNew.ToDictionary(static each => each, static _ => OffsetSpec.Latest);
        foreach (ListedOffset end in await OffsetLookup.RunAsync(leaders, ends, options.IsolationLevel, cluster.Options.OperationTimeout, CancellationToken.None))
        {
            if (end.Error != ErrorCode.None) throw KafkaException.Of(end.Error, $"offset of {end.Partition}");
            results.Add(new Found(wishes.First(wish => wish.Partition.Partition == end.Partition), end.Offset, end.LeaderEpoch));
        }
    }

    private OffsetSpec Default(TopicPartition partition) => options.OffsetReset switch
    {
        OffsetReset.Earliest => OffsetSpec.Earliest,
        OffsetReset.Latest => OffsetSpec.Latest,
        _ => throw new OffsetOutOfRangeException(partition, -1, $"{partition}: no offset is committed, and auto.offset.reset is none"),
    };

    private readonly record struct Wish(AssignedPartition Partition, int Move, OffsetSpec? Wanted);

    private readonly record struct Found(Wish Wish, long Offset, int Epoch);
}
