using System.Net.Sockets;
using HdrHistogram;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Wire;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Compare.Cells;

/// <summary>What thousands of connections cost that were used once and then say nothing, and whether the busy ones feel them.</summary>
internal sealed class ConnectionsCell() : LifeCell(
    "connections", "5,000 idle connections beside 100 busy ones that send 5,000 one-record requests/s, open loop",
    [new("KiB for each idle one", new Bar(false, null, 12)), new("busy p99 with them : without", new Bar(false, null, 1.1)), new("busy p99 ms with them")])
{
    private const int Busy = 100, RequestsPerSecond = 5000, Partitions = 6, RecordBytes = 100;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    public override bool IsDefault => false;

    public override async Task<double[]> MeasureAsync(Contender contender, CellScale scale)
    {
        await using BrokerUnderTest broker = await BrokerUnderTest.StartAsync(contender, Tier);
        await Warmup.RunAsync(broker, scale.Warmup);
        BatchTemplate template = BatchTemplate.OfCount(1, RecordBytes);
        TestTopic topic = await TestTopic.CreateAsync(broker, Name, Partitions);
        var ledger = new PartitionLedger(Partitions);
        await BusyMillisecondsAsync(topic, template, ledger, scale.LatencyTime / 2);
        double alone = await BusyMillisecondsAsync(topic, template, ledger, scale.LatencyTime);

        long before = broker.ResidentBytes;
        List<Socket> idle = [];
        try
        {
            for (int i = 0; i < scale.IdleConnections; i++) idle.Add(await UsedOnceAsync(broker));
            await Task.Delay(Settling);
            double kibibytes = (broker.ResidentBytes - before) / 1024.0 / scale.IdleConnections;
            double beside = await BusyMillisecondsAsync(topic, template, ledger, scale.LatencyTime);
            await Readback.RequireAsync(topic, ledger, template);
            return [kibibytes, beside / alone, beside];
        }
        finally
        {
            foreach (Socket socket in idle) socket.Dispose();
        }
    }

    private static async Task<double> BusyMillisecondsAsync(TestTopic topic, BatchTemplate template, PartitionLedger ledger, TimeSpan time)
    {
        LongHistogram latency = Latencies.New();
        var plan = new ProducePlan(template, Busy, Limits.OpenLoopDepth, 1) { PerSecond = RequestsPerSecond, Latency = latency };
        long each = Math.Max(1, (long)(time.TotalSeconds * RequestsPerSecond / Busy));
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, plan, ledger, _ => RequestBudget.OfCount(each));
        await ReplayLoop.RunAsync(load.Connections);
        return Latencies.Milliseconds(latency, 99);
    }

    private static async Task<Socket> UsedOnceAsync(BrokerUnderTest broker)
    {
        var socket = new Socket(broker.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(broker.EndPoint);
        await socket.SendAsync(EncodedRequest.Encode(new ApiVersionsRequest(), 0));
        byte[] answer = new byte[16 * 1024];
        if (await socket.ReceiveAsync(answer) == 0) throw new ReplayException("the broker closed a connection");
        return socket;
    }
}
