using Moldau.Client.Clusters;
using Moldau.Client.Waiting;
using Moldau.Protocol;

namespace Moldau.Client.Producing;

/// <summary>
/// Sends records: collects them into batches, one partition each, and delivers them in order. Thread-safe; records of calls that overlap have no order among them.
/// </summary>
/// <example>
/// <code>
/// await using var producer = new Producer(client);
/// Delivery delivery = await producer.SendAsync(new ProducerRecord("lines", "hello"u8.ToArray()));  // taken
/// DeliveryReport report = await delivery;                                                          // in the log
/// </code>
/// </example>
public sealed class Producer : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly ProducerOptions options;
    private readonly Accumulator accumulator;
    private readonly Sender sender;
    private int closed;

    /// <summary>A producer on a client's connections and metadata.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Producer(KafkaClient client, ProducerOptions? options = null)
    {
        cluster = client.Cluster;
        this.options = options ?? new ProducerOptions();
        this.options.Check();
        accumulator = new Accumulator(this.options, cluster.Scheduler);
        sender = new Sender(cluster, accumulator, this.options);
        sender.Start();
    }

    /// <summary>Takes a record for sending. Ends when it is taken, which waits only for metadata and for room in the buffer; await the <see cref="Delivery"/> for the rest.</summary>
    /// <exception cref="KafkaException">The record is too large (MESSAGE_TOO_LARGE), the topic or partition does not exist, or no broker tells.</exception>
    /// <exception cref="KafkaTimeoutException">No room for <see cref="ProducerOptions.BlockTimeout"/>.</exception>
    /// <exception cref="ObjectDisposedException">The producer is closed.</exception>
    public ValueTask<Delivery> SendAsync(in ProducerRecord record, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref closed) != 0, this);
        int bytes = record.BytesMax;
        if (bytes > options.RequestBytesMax || bytes > options.BufferBytes)
        {
            return ValueTask.FromException<Delivery>(new KafkaException(
                ErrorCode.MessageTooLarge, $"a record of {bytes} bytes is larger than {Math.Min(options.RequestBytesMax, options.BufferBytes)}"));
        }

        return cluster.Snapshot.Topic(record.Topic) is { Error: ErrorCode.None } topic && accumulator.Memory.TryAcquire(bytes)
            ? ValueTask.FromResult(Append(topic, record, bytes))
            : SendLaterAsync(record, bytes, cancellation);
    }

    /// <summary>Sends a record and waits until it is delivered. For one at a time; pipelines use <see cref="SendAsync"/>.</summary>
    /// <exception cref="KafkaException">It was not delivered, or it is not known whether.</exception>
    public async Task<DeliveryReport> ProduceAsync(ProducerRecord record, CancellationToken cancellation = default) =>
        await (await SendAsync(record, cancellation)).AsTask().OrCancelled(cancellation);

    /// <summary>Sends what has been taken without lingering and waits until the fate of all of it is known. Does not throw for records that failed.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        List<Task> open = accumulator.BeginFlush();
        sender.Wake();
        try
        {
            foreach (Task outcome in open) await outcome.OrCancelled(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            accumulator.EndFlush();
        }
    }

    /// <summary>Flushes and ends. Records that are not delivered within <see cref="ProducerOptions.DeliveryTimeout"/> fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0) return;
        await FlushAsync();
        await sender.StopAsync();
        accumulator.Dispose();
    }

    private Delivery Append(TopicMetadata topic, in ProducerRecord record, int bytes)
    {
        try
        {
            Delivery delivery = accumulator.Append(topic, record, bytes, out bool wakes);
            if (wakes) sender.Wake();
            return delivery;
        }
        catch (KafkaException)
        {
            accumulator.Memory.Release(bytes);
            throw;
        }
    }

    private async ValueTask<Delivery> SendLaterAsync(ProducerRecord record, int bytes, CancellationToken cancellation)
    {
        var deadline = new Deadline(cluster.Scheduler.Time, options.BlockTimeout);
        TopicMetadata topic = await cluster.TopicAsync(record.Topic, mayCreate: true, options.BlockTimeout, cancellation);
        if (!accumulator.Memory.TryAcquire(bytes)) await AcquireAsync(bytes, deadline.Left, cancellation);
        return Append(topic, record, bytes);
    }

    private async Task AcquireAsync(int bytes, TimeSpan timeout, CancellationToken cancellation)
    {
        using var over = new CancellationTokenSource(timeout, cluster.Scheduler.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        Task acquiring = accumulator.Memory.AcquireAsync(bytes, either.Token);
        // With somebody waiting for room, batches leave without lingering.
        sender.Wake();
        try
        {
            await acquiring;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new KafkaTimeoutException($"no room for a record within {options.BlockTimeout.TotalSeconds:0.#} s: the buffer of {options.BufferBytes} bytes is full");
        }
    }
}
