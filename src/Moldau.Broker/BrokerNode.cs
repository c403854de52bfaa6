using Microsoft.Extensions.Logging;
using Moldau.Broker.Configuration;
using Moldau.Broker.Lifecycle;
using Moldau.Broker.Quorum;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker;

/// <summary>
/// A node: broker and controller of a cluster of one, on an injected network, disk, clock and scheduler, without static state. Starts once, stops once. Thread-safe.
/// </summary>
public sealed class BrokerNode
{
    private readonly NodeOptions options;
    private readonly ITransport transport;
    private readonly IFileSystem files;
    private readonly IScheduler scheduler;
    private readonly NodeLogger logger;
    private readonly TaskCompletionSource<NodeExit> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim lifeGate = new(1);
    private readonly CancellationTokenSource startFailed = new();
    private RunningNode? running;
    private Exception? failure;

    /// <summary>A node that is not started yet.</summary>
    public BrokerNode(NodeOptions options, ITransport transport, IFileSystem files, IScheduler scheduler, ILoggerFactory loggers)
    {
        this.options = options;
        this.transport = transport;
        this.files = files;
        this.scheduler = scheduler;
        logger = new NodeLogger(loggers.CreateLogger(NodeLogger.Name));
    }

    /// <summary>Completes when the node has ended, by <see cref="StopAsync"/> or by a failure (<see cref="Failure"/>).</summary>
    public Task<NodeExit> Completion => completion.Task;

    /// <summary>Why the node ended by itself; null while it has not.</summary>
    public Exception? Failure => Volatile.Read(ref failure);

    /// <summary>The cluster's id; known once started.</summary>
    public string ClusterId => Started.ClusterId;

    /// <summary>The listeners, with the ports they have; known once started.</summary>
    public IReadOnlyList<ListenerOptions> Listeners => Started.Listeners;

    /// <summary>The node's parts, for tests of this assembly.</summary>
    internal NodeServices Services => Started.Services;

    private RunningNode Started => running ?? throw new InvalidOperationException("the node has not been started");

    /// <summary>
    /// Formats the log directories if they are new (and the options allow it), recovers the logs, joins the quorum, registers, and completes when clients are served.
    /// </summary>
    /// <param name="cancellation">Gives up; the node is stopped then.</param>
    /// <param name="progress">Told of each log that has been opened.</param>
    /// <exception cref="NodeStartException">The configuration or a log directory does not allow a start; the message says what to do.</exception>
    /// <exception cref="IOException">The disk failed, an address is taken, or another process uses the directory.</exception>
#pragma warning disable CA1068 // The token is what every caller gives; progress is for a terminal.
    public async Task StartAsync(CancellationToken cancellation = default, IProgress<RecoveryProgress>? progress = null)
#pragma warning restore CA1068
    {
        await lifeGate.WaitAsync(cancellation);
        try
        {
            if (running is not null) throw new InvalidOperationException("the node has been started");
            running = new RunningNode(options, transport, files, scheduler, logger, Fail);
            try
            {
                using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation, startFailed.Token);
                await running.StartAsync(giveUp.Token, progress);
            }
            catch (Exception e)
            {
                await running.StopAsync(clean: false);
                completion.TrySetResult(NodeExit.Failed);
                if (e is UnsupportedQuorumException) throw new NodeStartException($"{e.Message}; a meta.properties from another directory looks like this too", e);
                if (e is OperationCanceledException && Failure is { } cause) throw new IOException(cause.Message, cause);
                throw;
            }
        }
        finally
        {
            lifeGate.Release();
        }
    }

    /// <summary>
    /// Stops: leadership is given up, requests under way are answered, logs are flushed and marked as cleanly closed. Nothing if the node has ended.
    /// </summary>
    public async Task StopAsync()
    {
        await lifeGate.WaitAsync();
        try
        {
            if (running is null || completion.Task.IsCompleted) return;
            logger.Stopping(options.NodeId);
            await running.StopAsync(clean: Failure is null);
            completion.TrySetResult(Failure is null ? NodeExit.Stopped : NodeExit.Failed);
        }
        finally
        {
            lifeGate.Release();
        }
    }

    // Down is better than wrong: the first failure ends the node, without a mark of a clean stop.
    private void Fail(Exception cause)
    {
        if (Interlocked.CompareExchange(ref failure, cause, null) is not null) return;
        logger.NodeFailed(options.NodeId, cause.Message, cause);
        _ = scheduler.Start("stop after failure", StopAfterFailureAsync);
    }

    // What a start waits for would never come.
    private async Task StopAfterFailureAsync()
    {
        startFailed.Cancel();
        await StopAsync();
    }
}

/// <summary>How a node has ended; the numbers are the process's exit codes.</summary>
public enum NodeExit
{
    /// <summary>It was told to stop.</summary>
    Stopped = 0,

    /// <summary>It could not start, or something failed that it cannot go on without.</summary>
    Failed = 1,
}

/// <summary>A node cannot start as it is configured, or with the data that it finds. The message says what to do about it.</summary>
public sealed class NodeStartException(string message, Exception? inner = null) : Exception(message, inner);
