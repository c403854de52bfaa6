using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;

namespace Moldau.Broker.Tests.Quorum;

/// <summary>Keeps what raft tells, and lets a test wait for it.</summary>
internal sealed class RecordingListener : IRaftListener
{
    private readonly Lock gate = new();
    private readonly List<CommittedBatch> batches = [];
    private readonly List<string> events = [];
    private readonly List<(Func<bool> Holds, TaskCompletionSource Done)> waiters = [];

    /// <summary>All committed batches in order.</summary>
    public IReadOnlyList<CommittedBatch> Batches
    {
        get { lock (gate) return [.. batches]; }
    }

    /// <summary>What happened, in order, in short: commit 0-2, snapshot 10, leader 1 in 1.</summary>
    public IReadOnlyList<string> Events
    {
        get { lock (gate) return [.. events]; }
    }

    /// <summary>The metadata records with their offsets.</summary>
    public IReadOnlyList<(long Offset, MetadataRecord Record)> Records
    {
        get
        {
            lock (gate) return [.. batches.SelectMany(batch => batch.Records.Select((record, i) => (batch.BaseOffset + i, record)))];
        }
    }

    /// <summary>The records of the last snapshot.</summary>
    public IReadOnlyList<MetadataRecord> Snapshot { get; private set; } = [];

    public int LeaderEpoch { get; private set; } = -1;

    public long NextOffset { get; private set; } = -1;

    public Task CommittedAsync(long lastOffset) => WaitAsync(() => NextOffset > lastOffset);

    public Task LeadsAsync() => WaitAsync(() => LeaderEpoch > 0);

    public ValueTask HandleCommitAsync(CommittedBatch batch) => Note(() =>
    {
        batches.Add(batch);
        events.Add($"commit {batch.BaseOffset}-{batch.LastOffset}");
        NextOffset = batch.LastOffset + 1;
    });

    public ValueTask HandleSnapshotAsync(SnapshotReader snapshot) => Note(() =>
    {
        Snapshot = [.. snapshot.Records()];
        events.Add($"snapshot {snapshot.Id.Offset}");
        NextOffset = snapshot.Id.Offset;
    });

    public ValueTask HandleLeaderChangeAsync(int leaderId, int epoch) => Note(() =>
    {
        events.Add($"leader {leaderId} in {epoch}");
        LeaderEpoch = leaderId == 1 ? epoch : -1;
    });

    private ValueTask Note(Action note)
    {
        List<TaskCompletionSource> woken = [];
        lock (gate)
        {
            note();
            woken.AddRange(waiters.Where(waiter => waiter.Holds()).Select(waiter => waiter.Done));
            waiters.RemoveAll(waiter => waiter.Holds());
        }

        foreach (TaskCompletionSource done in woken) done.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private Task WaitAsync(Func<bool> holds)
    {
        lock (gate)
        {
            if (holds()) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((holds, done));
            return done.Task;
        }
    }
}
