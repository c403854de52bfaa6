using Microsoft.Extensions.Time.Testing;
using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;
using Moldau.Storage.Verification;

namespace Moldau.Storage.Tests.Inspection;

/// <summary>
/// A stopped node's directory with one log of three segments, which a test damages. What the verification says a start would do is held against what the start
/// then does.
/// </summary>
internal sealed class DamagedStore
{
    public const string Directory = "/data", Log = "/data/t-0/";
    public static readonly LogConfig Config = LogConfig.Default with { SegmentBytes = 1200, IndexIntervalBytes = 200 };
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    private DamagedStore(SimulatedDisk disk, string[] segments) => (Disk, Segments) = (disk, segments);

    public SimulatedDisk Disk { get; }

    /// <summary>Paths of the segments without suffix, oldest first.</summary>
    public string[] Segments { get; }

    public static async Task<DamagedStore> Create(bool clean)
    {
        var disk = new SimulatedDisk(1);
        disk.CreateDirectory(Directory);
        new MetaProperties("a-cluster", (BrokerId)1, new Uuid(1, 2)).Write(disk, Directory);
        await using (TestStore store = await TestStore.Open(disk, Directory, Config))
        {
            PartitionLog log = store.Create("t", Config);
            for (int i = 0; i < 40; i++) Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Idempotent(7, 0, i, 1, timestampMs: TestStore.Epoch.ToUnixTimeMilliseconds() + i), Client).Error);
            await store.Close(clean);
        }

        string[] segments = [.. disk.ListFiles("/data/t-0").Where(static name => name.EndsWith(".log", StringComparison.Ordinal)).Select(static name => Log + name[..^4])];
        Assert.True(segments.Length >= 3, "the log has several segments");
        return new DamagedStore(disk, segments);
    }

    /// <summary>Changes the bytes of a file.</summary>
    public void Change(string path, Func<byte[], byte[]> change)
    {
        byte[] bytes = Read(path);
        using IFile file = Disk.Open(path, FileOpen.CreateEmpty);
        file.Write(0, change(bytes));
    }

    public void Write(string path, string text)
    {
        using IFile file = Disk.Open(path, FileOpen.CreateEmpty);
        file.Write(0, System.Text.Encoding.UTF8.GetBytes(text));
    }

    public byte[] Read(string path)
    {
        using IFile file = Disk.Open(path, FileOpen.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    /// <summary>Verifies; fails if anything was written.</summary>
    public async Task<VerifyReport> Verify(string? clusterId = null, params string[] more)
    {
        long operations = Disk.OperationCount;
        VerifyReport report = await LogDirectoryVerifier.RunAsync(Disk, [Directory, .. more], new InlineScheduler(new FakeTimeProvider(TestStore.Epoch)), clusterId);
        Assert.Equal(operations, Disk.OperationCount);
        return report;
    }

    /// <summary>Starts, and fails unless the start does what the report says.</summary>
    public async Task AssertStartDoes(VerifyReport report)
    {
        var before = report.Findings.Where(finding => Disk.FileExists(finding.Damage.Path)).ToDictionary(static finding => finding, finding => Read(finding.Damage.Path));
        await using TestStore store = await TestStore.Open(Disk, Directory, Config);
        foreach (LogLoss loss in report.Losses) Assert.Equal(loss.EndOffsetAfter, store.Logs.Find(loss.Partition)!.LogEndOffset.Value);
        foreach (Finding finding in report.Findings.Where(static finding => finding.IsDamage)) AssertOutcome(finding, before.GetValueOrDefault(finding), store);
    }

    private void AssertOutcome(Finding finding, byte[]? before, TestStore store)
    {
        string path = finding.Damage.Path;
        switch (finding.Outcome)
        {
            case StartOutcome.Cut: Assert.Equal(finding.LengthAfter, Disk.FileLength(path)); break;
            case StartOutcome.Removed: Assert.False(Disk.FileExists(path)); break;
            case StartOutcome.Renamed: Assert.Equal((false, true), (Disk.FileExists(path), Disk.FileExists(Path.ChangeExtension(path, null)))); break;
            case StartOutcome.Offline: Assert.True(store.Logs.Directories[0].IsOffline); break;
            case StartOutcome.Rebuilt:
                // Where an index is rebuilt as it is first used.
                LogReading.Consume(store["t", 0], store["t", 0].LogEndOffset);
                Assert.True(before is null || !before.AsSpan().SequenceEqual(Read(path)), $"{path} is as it was");
                break;
            default: Assert.True(before is null ? !Disk.FileExists(path) : before.AsSpan().SequenceEqual(Read(path)), $"{path} was to be left as it is"); break;
        }
    }
}
