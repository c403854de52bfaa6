using Moldau.Client.Clusters;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Producing;

/// <summary>
/// Collects records into batches and says which are to be sent. One lock guards all of it; what compresses and sends does so outside. Thread-safe.
/// </summary>
internal sealed class Accumulator(ProducerOptions options, IScheduler scheduler) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<TopicPartition, PartitionQueue> queues = [];
    private readonly List<PartitionQueue> order = [];
    private readonly Stack<RecordBatchBuilder> builders = new();
    private readonly Partitioner partitioner = new(scheduler, options.BatchBytes);
    private int flushes;
    private int firstQueue;

    /// <summary>The lock. The sender holds it while it looks through <see cref="Queues"/>.</summary>
    public Lock Gate => gate;

    /// <summary>Buffer memory.</summary>
    public Permits Memory { get; } = new(options.BufferBytes);

    /// <summary>The partitions, each time from another one on, so that none starves. Under the lock.</summary>
    public IEnumerable<PartitionQueue> Queues
    {
        get
        {
            int first = order.Count == 0 ? 0 : firstQueue++ % order.Count;
            for (int i = 0; i < order.Count; i++) yield return order[(first + i) % order.Count];
        }
    }

    /// <summary>Appends a record whose memory has been acquired.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="record">The record.</param>
    /// <param name="bytes">What was acquired.</param>
    /// <param name="wakes">Whether the sender has something new to look at.</param>
    /// <exception cref="KafkaException">The topic has no such partition.</exception>
    public Delivery Append(TopicMetadata topic, in ProducerRecord record, int bytes, out bool wakes)
    {
        long timestampMs = (record.Timestamp ?? scheduler.Time.GetUtcNow()).ToUnixTimeMilliseconds();
        lock (gate)
        {
            PartitionQueue queue = QueueOf(new TopicPartition(topic.Name, partitioner.Choose(topic, record, bytes)));
            ProducerBatch? batch = queue.Open;
            wakes = batch is null;
            if (batch is not null && !batch.Builder.HasRoomFor(options.BatchBytes, timestampMs, record.Key, record.Value, record.Headers.Span))
            {
                batch.IsSealed = wakes = true;
                batch = null;
            }

            if (batch is null)
            {
                batch = new ProducerBatch(queue.Partition, NewBuilder(), scheduler.Time.GetTimestamp());
                queue.Add(batch);
            }

            int index = batch.Builder.Append(timestampMs, record.Key, record.Value, record.Headers.Span);
            batch.ReservedBytes += bytes;
            if (batch.Builder.EstimatedSizeInBytes >= options.BatchBytes) batch.IsSealed = wakes = true;
            return new Delivery(batch, index, timestampMs);
        }
    }

    /// <summary>How long until the head of a queue is to be sent; zero when it is now. Under the lock.</summary>
    public TimeSpan WaitOf(ProducerBatch head)
    {
        TimeProvider time = scheduler.Time;
        if (head.Attempts > 0) return head.NotBefore == 0 ? TimeSpan.Zero : Left(time.GetElapsedTime(time.GetTimestamp(), head.NotBefore));
        if (head.IsSealed || flushes > 0 || Memory.HasWaiters) return TimeSpan.Zero;
        return Left(options.Linger - time.GetElapsedTime(head.CreatedAt));
    }

    /// <summary>How long until a batch is given up; zero when it is now. Under the lock.</summary>
    public TimeSpan ExpiryOf(ProducerBatch batch) => Left(options.DeliveryTimeout - scheduler.Time.GetElapsedTime(batch.CreatedAt));

    /// <summary>The queue of a partition that a batch came from. Under the lock.</summary>
    public PartitionQueue Queue(TopicPartition partition) => queues[partition];

    /// <summary>Gives back what a batch held. Its outcome must be known.</summary>
    public void Release(ProducerBatch batch)
    {
        Memory.Release(batch.ReservedBytes);
        lock (gate)
        {
            if (builders.Count < Limits.IdleBuilders)
            {
                builders.Push(batch.Builder);
                return;
            }
        }

        batch.Builder.Dispose();
    }

    /// <summary>Has everything sent without lingering and gives what is not done yet.</summary>
    public List<Task> BeginFlush()
    {
        lock (gate)
        {
            flushes++;
            return [.. order.SelectMany(static queue => queue.All).Select(static batch => batch.Outcome)];
        }
    }

    public void EndFlush()
    {
        lock (gate) flushes--;
    }

    public void Dispose()
    {
        lock (gate)
        {
            while (builders.TryPop(out RecordBatchBuilder? builder)) builder.Dispose();
        }
    }

    private PartitionQueue QueueOf(TopicPartition partition)
    {
        if (queues.TryGetValue(partition, out PartitionQueue? queue)) return queue;
        queue = new PartitionQueue(partition);
        queues.Add(partition, queue);
        order.Add(queue);
        return queue;
    }

    private RecordBatchBuilder NewBuilder()
    {
        var batch = new RecordBatchOptions { Compression = options.Compression, CompressionLevel = options.CompressionLevel };
        if (!builders.TryPop(out RecordBatchBuilder? builder)) return new RecordBatchBuilder(batch);
        builder.Reset(batch);
        return builder;
    }

    private static TimeSpan Left(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
