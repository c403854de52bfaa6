using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Real threads on a real disk: readers take no lock beside a writer, flushes, retention and deletion.</summary>
public sealed class ConcurrencyTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);
    private static readonly LogConfig Small = new() { SegmentBytes = 8000, IndexIntervalBytes = 300, RetentionBytes = 30_000, RetentionMs = -1, FileDeleteDelayMs = 0 };

    [Fact]
    public async Task Readers_see_whole_batches_in_order_whatever_goes_on_beside_them()
    {
        using var folder = new TemporaryFolder();
        LogStore store = await Open(folder);
        PartitionLog log = store.Create(new TopicPartition("t", 0), new Uuid(1, 1), Small);
        var written = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => ReadAll(log, written.Token)))];
        for (int i = 0; i < 2500; i++)
        {
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Of(1_000_000 + i, $"{i}", new string('x', i % 200)), Client).Error);
            if (i % 50 != 0) continue;
            log.SetHighWatermark(log.LogEndOffset);
            log.DeleteOldSegments();
            Assert.True(log.OffsetForTimestamp(1_000_000 + i) is not null);
        }

        await written.CancelAsync();
        int[] batches = await Task.WhenAll(readers);
        Assert.All(batches, static count => Assert.True(count > 0));
        Assert.False(log.Directory.IsOffline);
        Assert.True(log.LogStartOffset > 0);
        await store.CloseAsync(clean: true);
        store = await Open(folder);
        Assert.Equal(5000, store.Find(new TopicPartition("t", 0))!.LogEndOffset.Value);
        await store.CloseAsync(clean: true);
    }

    [Fact]
    public async Task Logs_deleted_while_they_are_written_and_flushed_take_nothing_down()
    {
        using var folder = new TemporaryFolder();
        LogStore store = await Open(folder);
        store.Start();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 60; i++)
            {
                PartitionLog log = store.Create(new TopicPartition($"t{worker}", i), new Uuid(1, 1), Small);
                for (int batch = 0; batch < 5; batch++) log.AppendAsLeader(TestBatch.Sized(2500), Client);
                Assert.True(store.Delete(log.Partition));
            }
        })));
        Assert.Null(Assert.Single(store.Directories).Failure);
        Assert.Empty(store.Logs);
        await store.CloseAsync(clean: true);
    }

    private static int ReadAll(PartitionLog log, CancellationToken written)
    {
        int batches = 0;
        Offset at = log.LogStartOffset;
        while (true)
        {
            bool last = written.IsCancellationRequested;
            LogReadResult read = log.Read(at, 3000, log.LogEndOffset, atLeastOneBatch: true);
            if (read.Error == ErrorCode.OffsetOutOfRange)
            {
                at = log.LogStartOffset;
                continue;
            }

            Assert.Equal(ErrorCode.None, read.Error);
            byte[] bytes = LogReading.Bytes(read);
            var walk = new RecordBatchEnumerator(bytes);
            while (walk.MoveNext())
            {
                Assert.True(RecordBatch.IsValid(walk.CurrentBytes));
                Assert.True(walk.Current.LastOffset >= at && (walk.Current.BaseOffset <= at || batches == 0));
                at = (Offset)(walk.Current.LastOffset + 1);
                batches++;
            }

            if (last && bytes.Length == 0) return batches;
        }
    }

    private static Task<LogStore> Open(TemporaryFolder folder) => LogStore.OpenAsync(
        new LogStoreOptions { Directories = [folder.Path] }, new PhysicalFileSystem(),
        new ThreadPoolScheduler(TimeProvider.System, static (name, failure) => Environment.FailFast(name, failure)), NullLogger.Instance);
}
