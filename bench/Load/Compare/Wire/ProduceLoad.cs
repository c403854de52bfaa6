using System.Diagnostics;
using System.Net;
using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Wire;

/// <summary>The connections of a <see cref="ProducePlan"/>, ready to be driven.</summary>
internal sealed class ProduceLoad : IDisposable
{
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(50);

    private ProduceLoad(List<ReplayConnection> connections, List<SendSchedule> schedules) => (Connections, Schedules) = (connections, schedules);

    public IReadOnlyList<ReplayConnection> Connections { get; }

    /// <summary>When each connection is meant to send, where there is a rate.</summary>
    public IReadOnlyList<SendSchedule> Schedules { get; }

    /// <param name="topic">Where to.</param>
    /// <param name="plan">How.</param>
    /// <param name="ledger">Gets what is acknowledged.</param>
    /// <param name="budgetOf">What a connection may send; asked once for each.</param>
    /// <param name="other">Who gets it in the broker's place; null: the broker.</param>
    public static async Task<ProduceLoad> ConnectAsync(TestTopic topic, ProducePlan plan, PartitionLedger ledger, Func<int, RequestBudget> budgetOf, IPEndPoint? other = null)
    {
        IPEndPoint endPoint = other ?? topic.EndPoint;
        var producers = new ProducerIdentity?[plan.Connections];
        if (plan.IsIdempotent)
            for (int i = 0; i < producers.Length; i++) producers[i] = await ProducerIdentity.NewAsync(topic.EndPoint);
        var frame = new ProduceFrame(topic.Id, plan.Acks, plan.Batch);
        List<ProduceConnection> connections = [];
        for (int i = 0; i < plan.Connections; i++)
        {
            int[] partitions = ProducePlan.PartitionsOf(i, plan.Connections, topic.Partitions);
            connections.Add(new ProduceConnection(endPoint, frame, partitions, plan.Depth, budgetOf(i), ledger, plan.Latency, producers[i]));
        }

        // Once all are connected: what is late from the start would be counted as the broker's.
        long start = Stopwatch.GetTimestamp() + RequestBudget.Ticks(Lead);
        List<SendSchedule> schedules = [];
        for (int i = 0; plan.PerSecond is { } rate && i < connections.Count; i++)
        {
            schedules.Add(SendSchedule.Share(start, rate, Stopwatch.Frequency, i, connections.Count));
            connections[i].Follow(schedules[i]);
        }

        return new ProduceLoad([.. connections], schedules);
    }

    public void Dispose()
    {
        foreach (ReplayConnection connection in Connections) connection.Dispose();
    }
}
