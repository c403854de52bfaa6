using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Verification;

namespace Moldau.Storage.Tests.Inspection;

public sealed class LogDirectoryVerifierTests
{
    [Fact]
    public async Task A_directory_in_use_is_not_looked_at()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        using IDisposable hold = store.Disk.Lock("/data/.lock");
        store.Write("/data/.lock", "");
        await Assert.ThrowsAsync<DiskException>(() => store.Verify());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_undamaged_directory_has_no_damage(bool clean)
    {
        DamagedStore store = await DamagedStore.Create(clean);
        VerifyReport report = await store.Verify();
        Assert.DoesNotContain(report.Findings, static finding => finding.IsDamage);
        Assert.Equal((1, store.Segments.Length, clean ? 0 : 1), (report.Partitions, report.Segments, report.Findings.Count));
        Assert.Empty(report.Losses);
    }

    [Fact]
    public async Task A_torn_batch_at_the_end_is_cut()
    {
        DamagedStore store = await DamagedStore.Create(clean: false);
        string path = store.Segments[^1] + ".log";
        long length = store.Disk.FileLength(path);
        store.Change(path, static bytes => [.. bytes, .. bytes[..50]]);
        await AssertOnly(store, path, length, StartOutcome.Cut);
    }

    [Fact]
    public async Task A_batch_changed_behind_the_recovery_point_ends_the_log()
    {
        DamagedStore store = await DamagedStore.Create(clean: false);
        store.Disk.DeleteFile("/data/" + OffsetCheckpointFile.RecoveryPoint);
        string path = store.Segments[0] + ".log";
        store.Change(path, static bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);
        VerifyReport report = await store.Verify();
        Finding finding = Assert.Single(report.Findings, static finding => finding.IsDamage);
        Assert.Equal((path, StartOutcome.Cut), (finding.Damage.Path, finding.Outcome));
        Assert.Equal(40, Assert.Single(report.Losses).EndOffset);
        Assert.NotEmpty(report.StartMessages);
        await store.AssertStartDoes(report);
        Assert.False(store.Disk.FileExists(store.Segments[1] + ".log"));
    }

    [Fact]
    public async Task A_batch_changed_where_a_start_does_not_read_stays()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = store.Segments[0] + ".log";
        store.Change(path, static bytes => [.. bytes[..70], (byte)(bytes[70] ^ 1), .. bytes[71..]]);
        await AssertOnly(store, path, 0, StartOutcome.Kept);
    }

    [Fact]
    public async Task Bytes_that_are_no_batch_are_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = store.Segments[^1] + ".log";
        long length = store.Disk.FileLength(path);
        store.Change(path, static bytes => [.. bytes, .. new byte[100]]);
        await AssertOnly(store, path, length, StartOutcome.Cut);
    }

    [Theory]
    [InlineData(".index", 1)]
    [InlineData(".timeindex", 1)]
    [InlineData(".index", -1)]
    [InlineData(".timeindex", -1)]
    public async Task An_index_entry_that_is_not_true_is_found(string suffix, int entry)
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = store.Segments[0] + suffix;
        int bytes = suffix == ".index" ? 8 : 12, at = entry < 0 ? (int)store.Disk.FileLength(path) - bytes : entry * bytes;
        store.Change(path, file => [.. file[..(at + bytes - 1)], (byte)(file[at + bytes - 1] - 1), .. file[(at + bytes)..]]);
        VerifyReport report = await store.Verify();
        Assert.All(report.Findings, finding => Assert.Equal(path, finding.Damage.Path));
        Assert.Contains(report.Findings, finding => finding.Damage.Position == at);
        await store.AssertStartDoes(report);
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    public async Task A_missing_index_is_built_anew(string suffix)
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Disk.DeleteFile(store.Segments[0] + suffix);
        await AssertOnly(store, store.Segments[0] + suffix, null, StartOutcome.Rebuilt);
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    public async Task An_index_that_ends_within_an_entry_is_built_anew(string suffix)
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = store.Segments[1] + suffix;
        store.Change(path, static bytes => [.. bytes, 1, 2, 3]);
        await AssertOnly(store, path, store.Disk.FileLength(path) - 3, StartOutcome.Rebuilt);
    }

    [Fact]
    public async Task A_closing_time_index_entry_that_is_missing_is_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = store.Segments[0] + ".timeindex";
        store.Change(path, static bytes => bytes[..^12]);
        await AssertOnly(store, path, store.Disk.FileLength(path), StartOutcome.Kept);
    }

    [Fact]
    public async Task A_damaged_producer_snapshot_that_a_start_wants_is_removed()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        string path = DamagedStore.Log + store.Disk.ListFiles("/data/t-0").Last(static name => name.EndsWith(".snapshot", StringComparison.Ordinal));
        store.Change(path, static bytes => [.. bytes[..^1], (byte)~bytes[^1]]);
        await AssertOnly(store, path, null, StartOutcome.Removed);
    }

    [Theory]
    [InlineData(OffsetCheckpointFile.RecoveryPoint)]
    [InlineData(OffsetCheckpointFile.HighWatermark)]
    [InlineData(OffsetCheckpointFile.LogStart)]
    public async Task A_checkpoint_that_cannot_be_read_is_not_used(string name)
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/" + name, "0\n2\nt 0 1\n");
        VerifyReport report = await AssertOnly(store, "/data/" + name, null, StartOutcome.Ignored);
        Assert.Contains(report.StartMessages, message => message.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_that_goes_beyond_its_log_is_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/" + OffsetCheckpointFile.HighWatermark, "0\n1\nt 0 41\n");
        await AssertOnly(store, "/data/" + OffsetCheckpointFile.HighWatermark, null, StartOutcome.Ignored);
    }

    [Fact]
    public async Task What_an_unfinished_cleaning_left_is_removed()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Change(store.Segments[0] + ".log", static bytes => bytes);
        store.Write(store.Segments[0] + ".log.cleaned", "x");
        await AssertOnly(store, store.Segments[0] + ".log.cleaned", null, StartOutcome.Removed);
    }

    [Fact]
    public async Task What_a_finished_cleaning_did_not_put_in_place_is_put_there()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        foreach (string suffix in new[] { ".log", ".index", ".timeindex" }) store.Disk.Rename(store.Segments[0] + suffix, store.Segments[0] + suffix + ".swap");
        VerifyReport report = await store.Verify();
        Assert.Equal(3, report.Findings.Count(static finding => finding is { IsDamage: true, Outcome: StartOutcome.Renamed } && finding.Damage.Path.EndsWith(".swap", StringComparison.Ordinal)));
        await store.AssertStartDoes(report);
    }

    [Fact]
    public async Task An_index_without_its_log_is_removed()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/t-0/00000000000000000777.index", "");
        await AssertOnly(store, "/data/t-0/00000000000000000777.index", null, StartOutcome.Removed);
    }

    [Fact]
    public async Task A_gap_between_segments_is_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        foreach (string suffix in new[] { ".log", ".index", ".timeindex" }) store.Disk.DeleteFile(store.Segments[1] + suffix);
        VerifyReport report = await AssertOnly(store, store.Segments[2] + ".log", 0, StartOutcome.Kept);
        Assert.Contains("are missing", report.Findings[0].Damage.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_in_a_log_that_is_compacted_is_none()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        foreach (string suffix in new[] { ".log", ".index", ".timeindex" }) store.Disk.DeleteFile(store.Segments[1] + suffix);
        store.Write("/data/" + OffsetCheckpointFile.Cleaner, "0\n1\nt 0 20\n");
        Assert.Empty((await store.Verify()).Findings);
    }

    [Fact]
    public async Task Segments_that_overlap_are_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        byte[] second = store.Read(store.Segments[1] + ".log");
        store.Change(store.Segments[0] + ".log", first => [.. first, .. second]);
        VerifyReport report = await store.Verify();
        Assert.Contains(report.Findings, finding => finding.Damage.Path == store.Segments[1] + ".log" && finding.Damage.Problem.Contains("the one before it ends at", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0\n2\n3 0\n2 5\n", "epoch 2 at offset 5 follows epoch 3 at 0")]
    [InlineData("0\n1\n0 41\n", "behind the log's end 40")]
    [InlineData("0\n2\n0 0\n", "fewer entries")]
    public async Task An_epoch_checkpoint_that_cannot_be_true_is_found(string text, string problem)
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/t-0/leader-epoch-checkpoint", text);
        VerifyReport report = await AssertOnly(store, "/data/t-0/leader-epoch-checkpoint", null, StartOutcome.Ignored);
        Assert.Contains(problem, report.Findings[0].Damage.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_id_that_cannot_be_read_takes_the_directory_offline()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/t-0/partition.metadata", "version: 9\ntopic_id: x");
        VerifyReport report = await store.Verify();
        Assert.Equal(StartOutcome.Offline, Assert.Single(report.Findings).Outcome);
        await Assert.ThrowsAsync<IOException>(() => TestStore.Open(store.Disk, "/data"));
    }

    [Fact]
    public async Task Directories_of_no_cluster_and_of_another_are_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        Assert.Contains("belongs to cluster a-cluster, not to another", Assert.Single((await store.Verify("another")).Findings).Damage.Problem, StringComparison.Ordinal);
        store.Disk.CreateDirectory("/second");
        new MetaProperties("b-cluster", (BrokerId)2, new Uuid(1, 2)).Write(store.Disk, "/second");
        VerifyReport report = await store.Verify(null, "/second");
        Assert.Equal(3, report.Findings.Count(static finding => finding.IsDamage && finding.Damage.Path == "/second/meta.properties"));
        store.Disk.DeleteFile("/data/meta.properties");
        Assert.Contains((await store.Verify()).Findings, static finding => finding.Damage.Problem.StartsWith("the file is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_in_two_directories_is_found()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Disk.CreateDirectory("/second/t-0");
        new MetaProperties("a-cluster", (BrokerId)1, new Uuid(1, 3)).Write(store.Disk, "/second");
        PartitionMetadataFile.Write(store.Disk, "/second/t-0", new Uuid(1, 1));
        VerifyReport report = await store.Verify(null, "/second");
        Assert.Contains(report.Findings, static finding => finding.IsDamage && finding.Damage.Path == "/second/t-0" && finding.Damage.Problem == "the log is also in /data");
    }

    [Fact]
    public async Task What_waits_for_its_removal_is_a_remark_and_no_damage()
    {
        DamagedStore store = await DamagedStore.Create(clean: true);
        store.Write("/data/t-0/00000000000000000000.log.deleted", "");
        store.Disk.CreateDirectory("/data/t-1.0123456789abcdef0123456789abcdef-delete");
        store.Disk.CreateDirectory("/data/lost+found");
        VerifyReport report = await store.Verify();
        Assert.Equal((3, false), (report.Findings.Count, report.HasDamage));
    }

    private static async Task<VerifyReport> AssertOnly(DamagedStore store, string path, long? position, StartOutcome outcome)
    {
        VerifyReport report = await store.Verify();
        Finding finding = Assert.Single(report.Findings, static finding => finding.IsDamage);
        Assert.Equal((path, position, outcome), (finding.Damage.Path, finding.Damage.Position, finding.Outcome));
        await store.AssertStartDoes(report);
        return report;
    }
}
