using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Protocol.Messages;
using Moldau.Raft;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Quorum;

public sealed class RaftSnapshotTests
{
    private static void Simulate(Func<QuorumHost, IFileSystem, Task> scenario)
    {
        using var world = new SimulatedWorld(5);
        world.Run(() => scenario(new QuorumHost(world.Driver.Files, world.Driver.Scheduler, "/data"), world.Driver.Files));
    }

    private static async Task AppendAsync(QuorumHost host, int from, int count)
    {
        for (int i = from; i < from + count; i++) await host.Listener.CommittedAsync(host.Raft.Append(host.Raft.Status.Epoch, [RaftNodeTests.Topic($"t{i}")]));
    }

    private static IEnumerable<MetadataRecord> Topics(int count) => Enumerable.Range(0, count).Select(i => RaftNodeTests.Topic($"t{i}"));

    [Fact]
    public void A_snapshot_of_what_is_not_committed_or_of_another_epoch_is_refused() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        await AppendAsync(host, 0, 5);
        await Assert.ThrowsAsync<SnapshotRefusedException>(() => host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(9, 1), 0, []));
        await Assert.ThrowsAsync<SnapshotRefusedException>(() => host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(8, 2), 0, []));
        await Assert.ThrowsAsync<SnapshotRefusedException>(() => host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(0, 0), 0, []));
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(8, 1), 0, Topics(5));
        await Assert.ThrowsAsync<SnapshotRefusedException>(() => host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(8, 1), 0, Topics(5)));
        await host.StopAsync();
    });

    [Fact]
    public void A_restart_begins_with_the_newest_snapshot_and_goes_on_behind_it() => Simulate(async (host, _) =>
    {
        await host.StartAsync();
        await AppendAsync(host, 0, 5);
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(6, 1), 1234, Topics(3));
        await host.StopAsync();
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(["snapshot 6", "commit 6-6", "commit 7-7", "commit 8-8", "leader 1 in 2"], host.Listener.Events);
        Assert.Equal(["t0", "t1", "t2"], host.Listener.Snapshot.Select(record => ((TopicRecord)record.Message).Name));
        await host.StopAsync();
    });

    [Fact]
    public void Retention_by_size_deletes_older_snapshots_and_the_log_below_the_one_that_is_kept() => Simulate(async (host, files) =>
    {
        host.Retention = new MetadataRetention(MaxBytes: 0, MaxAgeMs: -1);
        await host.StartAsync();
        await AppendAsync(host, 0, 5);
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(6, 1), 0, Topics(3));
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(8, 1), 0, Topics(5));
        string[] names = [.. files.ListFiles(host.MetadataFolder).Where(name => name.Contains("checkpoint", StringComparison.Ordinal) && name.StartsWith('0'))];
        Assert.Equal(["00000000000000000008-0000000001.checkpoint"], names);
        await AppendAsync(host, 5, 1);
        await host.StopAsync();

        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(["snapshot 8", "commit 8-8", "commit 9-9", "leader 1 in 2"], host.Listener.Events);
        Assert.Empty(host.Raft.Bootstrap);
        Assert.Equal(1, host.Raft.Status.KRaftVersion);
        await host.StopAsync();
    });

    [Fact]
    public void A_listener_that_comes_after_retention_begins_with_the_snapshot() => Simulate(async (host, _) =>
    {
        host.Retention = new MetadataRetention(MaxBytes: 0, MaxAgeMs: -1);
        await host.StartAsync();
        await AppendAsync(host, 0, 5);
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(8, 1), 0, Topics(5));
        var late = new RecordingListener();
        host.Raft.Register(late);
        await late.LeadsAsync();
        Assert.Equal(["snapshot 8", "leader 1 in 1"], late.Events);
        await host.StopAsync();
    });

    [Fact]
    public void What_an_interrupted_snapshot_left_is_removed_at_the_start() => Simulate(async (host, files) =>
    {
        await host.StartAsync();
        await host.StopAsync();
        string part = Path.Join(host.MetadataFolder, "00000000000000000003-0000000001.checkpoint.part");
        files.Open(part, FileOpen.CreateEmpty).Dispose();
        files.Open(Path.Join(host.MetadataFolder, "00000000000000000002-0000000001.checkpoint.deleted"), FileOpen.CreateEmpty).Dispose();
        await host.StartAsync();
        Assert.DoesNotContain(files.ListFiles(host.MetadataFolder), name => name.EndsWith(".part", StringComparison.Ordinal) || name.EndsWith(".deleted", StringComparison.Ordinal));
        await host.StopAsync();
    });

    [Fact]
    public void A_snapshot_that_is_cut_short_is_not_believed() => Simulate(async (host, files) =>
    {
        await host.StartAsync();
        await AppendAsync(host, 0, 5);
        var id = new OffsetAndEpoch(8, 1);
        await host.Raft.CreateSnapshotAsync(id, 0, Topics(5));
        await host.StopAsync();
        string path = Path.Join(host.MetadataFolder, "00000000000000000008-0000000001.checkpoint");
        long length = files.FileLength(path);
        using (IFile file = files.Open(path, FileOpen.ReadWrite)) file.SetLength(length - 75);
        using SnapshotReader reader = SnapshotReader.Open(files, host.MetadataFolder, id);
        Assert.Contains("footer", Assert.Throws<MetadataLogCorruptException>(() => reader.Records().Count()).Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_snapshot_is_due_by_bytes_or_by_time_once_there_is_something_new()
    {
        var policy = new SnapshotPolicy(maxBytes: 100, maxIntervalMs: 1000);
        var control = new CommittedBatch(0, 2, 1, 0, 500, []);
        var batch = new CommittedBatch(3, 3, 1, 0, 60, [RaftNodeTests.Topic("a")]);
        policy.Committed(control, 0);
        Assert.Equal((SnapshotReason.None, long.MaxValue), (policy.Due(100_000), policy.DeadlineMs));
        policy.Committed(batch, 50);
        Assert.Equal(SnapshotReason.None, policy.Due(1049));
        Assert.Equal(SnapshotReason.MaxIntervalElapsed, policy.Due(1050));
        policy.Committed(batch, 60);
        Assert.Equal(SnapshotReason.MaxBytesExceeded, policy.Due(61));
        policy.Taken();
        Assert.Equal(SnapshotReason.None, policy.Due(100_000));
    }

    [Fact]
    public void Retention_keeps_the_newest_snapshot_and_as_many_as_fit()
    {
        SnapshotInfo[] snapshots = [Snapshot(10, 1000), Snapshot(20, 2000), Snapshot(30, 3000)];
        Assert.Null(new MetadataRetention(-1, -1).KeepFrom(snapshots, 1000, 10_000));
        Assert.Null(new MetadataRetention(1300, -1).KeepFrom(snapshots, 1000, 10_000));
        Assert.Equal(20, new MetadataRetention(1299, -1).KeepFrom(snapshots, 1000, 10_000)!.Value.Id.Offset);
        Assert.Equal(30, new MetadataRetention(0, -1).KeepFrom(snapshots, 1000, 10_000)!.Value.Id.Offset);
        Assert.Equal(20, new MetadataRetention(-1, 8500).KeepFrom(snapshots, 1000, 10_000)!.Value.Id.Offset);
        Assert.Null(new MetadataRetention(0, 0).KeepFrom(snapshots[..1], 1000, 10_000));

        static SnapshotInfo Snapshot(long offset, long timestamp) => new(new OffsetAndEpoch(offset, 1), 100, timestamp);
    }
}
