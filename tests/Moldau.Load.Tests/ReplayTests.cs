using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Compare.Wire;
using Moldau.Protocol;

namespace Moldau.Load.Tests;

public sealed class ReplayTests : IDisposable
{
    private static readonly Uuid Topic = new(1, 2);
    private readonly string folder = Directory.CreateTempSubdirectory("moldau-load-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_gap_between_batches_is_found()
    {
        BatchTemplate batch = BatchTemplate.OfCount(10, 100);
        using BareSendfile bare = Serve(batch, [0, 10, 30]);
        using FetchConnection reader = Reader(bare, null);

        await Assert.ThrowsAsync<LostRecordsException>(() => ReplayLoop.RunAsync([reader]));
    }

    [Fact]
    public async Task A_closed_connection_ends_the_load()
    {
        var ledger = new PartitionLedger(1);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using ProduceConnection connection = Connection((IPEndPoint)listener.LocalEndPoint!, ledger, RequestBudget.OfCount(1), depth: 1, latency: null);
        (await listener.AcceptAsync()).Dispose();

        await Assert.ThrowsAsync<ReplayException>(() => ReplayLoop.RunAsync([connection]));
    }

    [Fact]
    public async Task Everything_that_is_served_is_read_once_and_as_it_is()
    {
        BatchTemplate batch = BatchTemplate.OfBytes(64 * 1024, 1000);
        using BareSendfile bare = Serve(batch, [.. Enumerable.Range(0, 100).Select(i => (long)i * batch.Count)]);
        using FetchConnection reader = Reader(bare, new BatchCheck(batch));

        await ReplayLoop.RunAsync([reader]);

        Assert.Equal((100L * batch.Count, 100L * batch.Bytes.Length), (reader.Records, reader.Bytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task A_window_sends_all_requests_and_counts_each_answer_once(int depth)
    {
        var ledger = new PartitionLedger(3);
        LongHistogram latency = Latencies.New();
        var budget = RequestBudget.OfCount(3000);
        using var bare = new BareIngest(folder, isSynced: false);
        using ProduceConnection one = Connection(bare.EndPoint, ledger, budget, depth, latency), two = Connection(bare.EndPoint, ledger, budget, depth, latency);

        await ReplayLoop.RunAsync([one, two]);

        Assert.Equal(3000, ledger.Total);
        Assert.Equal(3000, latency.TotalCount);
        Assert.True(one.IsDone && two.IsDone);
    }

    [Fact]
    public async Task At_a_rate_nothing_is_sent_before_it_is_due()
    {
        var ledger = new PartitionLedger(1);
        using var bare = new BareIngest(folder, isSynced: true);
        using ProduceConnection connection = Connection(bare.EndPoint, ledger, RequestBudget.OfCount(50), Limits.OpenLoopDepth, Latencies.New());
        long start = Stopwatch.GetTimestamp();
        var schedule = new SendSchedule(start, RequestBudget.Ticks(TimeSpan.FromMilliseconds(2)));
        connection.Follow(schedule);

        await ReplayLoop.RunAsync([connection]);

        Assert.True(Stopwatch.GetTimestamp() >= schedule.DueOf(49));
        Assert.Equal(50, ledger.Total);
    }

    private static ProduceConnection Connection(IPEndPoint endPoint, PartitionLedger ledger, RequestBudget budget, int depth, LongHistogram? latency)
    {
        var frame = new ProduceFrame(Topic, -1, BatchTemplate.OfCount(1, 100));
        return new ProduceConnection(endPoint, frame, [.. Enumerable.Range(0, ledger.Partitions)], depth, budget, ledger, latency, null);
    }

    private BareSendfile Serve(BatchTemplate batch, long[] baseOffsets)
    {
        string file = Path.Combine(folder, "segment");
        using (FileStream segment = File.Create(file))
        {
            byte[] bytes = [.. batch.Bytes];
            foreach (long baseOffset in baseOffsets)
            {
                BinaryPrimitives.WriteInt64BigEndian(bytes, baseOffset);
                segment.Write(bytes);
            }
        }

        return BareSendfile.Start(file, Frame(), batch, long.MaxValue);
    }

    private static FetchFrame Frame() => new(Topic, [0], new FetchSizes());

    private static FetchConnection Reader(BareSendfile bare, IArrivals? arrivals) => new(bare.EndPoint, Frame(), new FetchSizes(), [0], [0], [bare.End], arrivals);
}
