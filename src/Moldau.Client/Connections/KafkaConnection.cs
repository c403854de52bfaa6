using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Connections;

/// <summary>
/// A connection to one broker. Requests are pipelined: they leave in the order of the calls and are answered in it. A request that is not answered in
/// time ends the connection, since what comes after it could not be told apart. Thread-safe.
/// </summary>
/// <remarks>
/// Two loops on the scheduler: one sends what is queued, several requests at a time, one receives and decodes. Record bytes of a request must not change before
/// its task has ended; those of an answer are slices of a buffer that is the answer's own.
/// </remarks>
public sealed class KafkaConnection : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IScheduler scheduler;
    private readonly ClientOptions options;
    private readonly RequestQueue requests = new();
    private readonly Permits slots = new(Limits.InFlightRequests);
    private readonly Signal work;
    private readonly RequestWatch watch;
    private Exception? failure;
    private Task running = Task.CompletedTask;

    private KafkaConnection(IConnection connection, IScheduler scheduler, ClientOptions options)
    {
        this.connection = connection;
        this.scheduler = scheduler;
        this.options = options;
        work = new Signal(scheduler.Time);
        watch = new RequestWatch(scheduler.Time, requests, overdue => End(new KafkaTimeoutException(overdue)));
    }

    /// <summary>What the broker speaks.</summary>
    public ApiVersionSet Versions { get; private set; } = null!;

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed => Volatile.Read(ref failure) is not null;

    /// <summary>Connects and asks the broker what it speaks.</summary>
    /// <exception cref="KafkaConnectionException">Nobody answers there, or not as a broker does.</exception>
    /// <exception cref="KafkaTimeoutException"><see cref="ClientOptions.ConnectTimeout"/> is over.</exception>
    public static async Task<KafkaConnection> OpenAsync(ITransport transport, IScheduler scheduler, string host, int port, ClientOptions options, CancellationToken cancellation = default)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, scheduler.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        KafkaConnection? opened = null;
        try
        {
            opened = new KafkaConnection(await transport.ConnectAsync(host, port, either.Token), scheduler, options);
            opened.running = scheduler.Start("client connection", opened.RunAsync);
            opened.Versions = await Handshake.RunAsync(opened, options.ConnectTimeout, either.Token);
            return opened;
        }
        catch (Exception e)
        {
            opened?.End(e);
            if (e is OperationCanceledException && timeout.IsCancellationRequested) throw new KafkaTimeoutException($"{host}:{port} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s", e);
            if (e is IOException) throw new KafkaConnectionException(e.Message, e);
            throw;
        }
    }

    /// <summary>The version in which a request of an API goes to this broker.</summary>
    /// <exception cref="UnsupportedApiException">There is none that both sides speak.</exception>
    public short VersionOf(ApiKey api, short highest = short.MaxValue) =>
        Versions.Pick(api, highest) ?? throw new UnsupportedApiException(api, $"the broker at {connection.Remote} does not serve {api} in a version that this client speaks");

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">Encoded before the call returns, except for record bytes.</param>
    /// <param name="timeout">How long the answer may take; null: <see cref="ClientOptions.RequestTimeout"/>.</param>
    /// <param name="version">The version to send; null: the highest that both sides have.</param>
    /// <param name="cancellation">Stops the waiting; the request may still be done.</param>
    /// <exception cref="KafkaConnectionException">The connection ended before the answer.</exception>
    /// <exception cref="UnsupportedApiException">As <see cref="VersionOf"/>.</exception>
    public Task<TResponse> SendAsync<TResponse>(IRequest<TResponse> request, TimeSpan? timeout = null, short? version = null, CancellationToken cancellation = default)
        where TResponse : IResponse, new()
    {
        if (!slots.TryAcquire(1)) return SendLaterAsync(request, timeout, version, cancellation);
        try
        {
            Task<TResponse> answer = Queue(request, timeout ?? options.RequestTimeout, version).Answer;
            return cancellation.CanBeCanceled ? answer.OrCancelled(cancellation) : answer;
        }
        catch
        {
            slots.Release(1);
            throw;
        }
    }

    /// <summary>Sends a request that is not answered (Produce with acks=0); the task ends when it has been handed to the network.</summary>
    /// <exception cref="KafkaConnectionException">The connection ended before.</exception>
    public async Task PostAsync(IRequest request, short? version = null, CancellationToken cancellation = default)
    {
        await slots.AcquireAsync(1, cancellation);
        short picked = version ?? VersionOf(request.Key);
        PostedRequest posted;
        try
        {
            posted = requests.Add((id, writer) =>
            {
                MessageFrame.WriteRequest(writer, request, picked, id, options.ClientId);
                return new PostedRequest(request.Key, picked, id) { Deadline = DeadlineIn(options.RequestTimeout) };
            });
        }
        catch
        {
            slots.Release(1);
            throw;
        }

        Wake();
        await posted.Sent;
    }

    /// <summary>Ends the connection; what is not answered fails.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new KafkaConnectionException("the connection was closed by the client"));
        await running;
    }

    private async Task<TResponse> SendLaterAsync<TResponse>(IRequest<TResponse> request, TimeSpan? timeout, short? version, CancellationToken cancellation)
        where TResponse : IResponse, new()
    {
        await slots.AcquireAsync(1, cancellation);
        slots.Release(1);
        return await SendAsync(request, timeout, version, cancellation);
    }

    private PendingRequest<TResponse> Queue<TResponse>(IRequest<TResponse> request, TimeSpan timeout, short? version)
        where TResponse : IResponse, new()
    {
        short picked = version ?? VersionOf(request.Key);
        PendingRequest<TResponse> pending = requests.Add((id, writer) =>
        {
            MessageFrame.WriteRequest(writer, request, picked, id, options.ClientId);
            return new PendingRequest<TResponse>(request.Key, picked, id) { Deadline = DeadlineIn(timeout) };
        });
        watch.Watch(pending.Deadline);
        Wake();
        return pending;
    }

    private long DeadlineIn(TimeSpan timeout) => scheduler.Time.GetTimestamp() + (long)(timeout.TotalSeconds * scheduler.Time.TimestampFrequency);

    private void Wake() => work.Set();

    // The one place where a connection's failures end: everything that waits is told only when neither loop touches its bytes any more.
    private async Task RunAsync()
    {
        Task sending = ObserveAsync(SendLoopAsync());
        await ObserveAsync(ReceiveLoopAsync());
        Wake();
        await sending;
        await connection.DisposeAsync();
        watch.Dispose();
        work.Dispose();
        Exception reason = failure!;
        foreach (PendingRequest request in requests.Close(reason))
        {
            request.Frame?.Dispose();
            slots.Release(1);
            request.Fail(reason as KafkaException ?? new KafkaConnectionException($"the connection to {connection.Remote} ended: {reason.Message}", reason));
        }
    }

    private async Task ObserveAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (IOException e)
        {
            End(e);
        }
    }

    private void End(Exception reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is not null) return;
        connection.Abort();
        Wake();
    }

    private async Task SendLoopAsync()
    {
        List<PendingRequest> taken = [];
        List<WireSegment> segments = [];
        while (!IsClosed)
        {
            requests.TakeUnsent(taken);
            if (taken.Count == 0)
            {
                await work.WaitAsync();
                continue;
            }

            foreach (PendingRequest request in taken) segments.AddRange(request.Frame!.Segments);
            Exception? broken = null;
            try
            {
                await connection.SendAsync(segments, CancellationToken.None);
            }
            catch (IOException e)
            {
                broken = e;
                End(e);
            }

            foreach (PendingRequest request in taken) Leave(request, broken);
            segments.Clear();
            taken.Clear();
        }
    }

    private void Leave(PendingRequest request, Exception? broken)
    {
        requests.Sent(request);
        if (request.IsAnswered) return;
        slots.Release(1);
        if (broken is null) request.Complete(default, null!);
        else request.Fail(new KafkaConnectionException(broken.Message, broken));
    }

    private async Task ReceiveLoopAsync()
    {
        var receiver = new FrameReceiver(connection);
        var strings = new StringCache();
        while (true)
        {
            int size = await receiver.ReceiveSizeAsync();
            if (size < 0) throw new EndOfStreamException("the broker closed it");
            PendingRequest next = requests.NextAnswered(remove: false) ?? throw new WireFormatException("frame", "an answer that nothing was asked for", 0);
            byte[] buffer = FrameReceiver.Rent(size, next.HoldsFrame);
            try
            {
                await receiver.ReceiveAsync(buffer.AsMemory(0, size));
                next.Complete(buffer.AsMemory(0, size), strings);
                requests.NextAnswered(remove: true);
                slots.Release(1);
            }
            finally
            {
                FrameReceiver.Return(buffer, next.HoldsFrame);
            }
        }
    }
}
