using Microsoft.Extensions.Logging;
using Moldau.Broker.Controllers;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Metadata.Configuration;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Lifecycle;

/// <summary>
/// The broker as the controller sees it (KIP-631): it registers, sends heartbeats, is unfenced once it has caught up with its own registration, and asks to be relieved of its
/// partitions before it stops. One loop.
/// </summary>
internal sealed class BrokerLifecycle(
    IControllerChannel controller,
    MetadataCache metadata,
    Func<IReadOnlyList<LogDirectory>> directories,
    Purgatory deadlines,
    IScheduler scheduler,
    NodeOptions options,
    ILogger logger,
    Action<Exception> fatal)
{
    private readonly FailureReports reports = new(deadlines, TimeSpan.FromMilliseconds(options.Values.Get(LogKeys.LogDirFailureTimeoutMs)), scheduler, fatal);
    private readonly Waiter unfenced = new();
    private readonly Waiter relieved = new();
    private readonly Lock gate = new();
    private Waiter? pause;
    private Task? loop;
    private bool wantsShutDown, isStopping;
    private long brokerEpoch = -1;

    /// <summary>The epoch of this registration; -1 before it.</summary>
    public long BrokerEpoch => Volatile.Read(ref brokerEpoch);

    /// <summary>Registers, and completes when the broker is unfenced and that is published here.</summary>
    public async Task StartAsync(BrokerRegistrationRequest registration, CancellationToken cancellation)
    {
        long epoch = await RegisterAsync(registration, cancellation);
        Volatile.Write(ref brokerEpoch, epoch);
        logger.Registered(options.NodeId, epoch);
        await PublishedAsync(epoch).WaitAsync(cancellation);
        loop = scheduler.Start("heartbeat", BeatAsync);
        DirectoriesChanged();
        await deadlines.WaitAsync(unfenced, long.MaxValue, cancellation);
        // The same batch gives this broker its leaderships back: clients would find none before it is published.
        await metadata.WaitUntilAsync(image => image.Cluster.IsActive(options.NodeId));
    }

    /// <summary>A log directory failed or was cordoned: tells the controller at once.</summary>
    public void DirectoriesChanged()
    {
        // Before there is a session the controller counts on none of them.
        if (loop is not null) reports.Failed(OfflineDirectories());
        Interrupt();
    }

    /// <summary>Asks the controller to move leadership away, and completes when it has, or after a while.</summary>
    public async Task ShutDownAsync()
    {
        if (loop is null || !options.ControlledShutdownEnable) return;
        lock (gate) wantsShutDown = true;
        Interrupt();
        await deadlines.WaitAsync(relieved, deadlines.DeadlineAfter(Limits.ControlledShutdownTime), CancellationToken.None);
    }

    /// <summary>Ends the heartbeats. The loop may still wait for an answer of the controller: <see cref="EndedAsync"/> follows once that has ended.</summary>
    public void End()
    {
        lock (gate) isStopping = true;
        reports.End();
        Interrupt();
    }

    /// <summary>Completes when the loop has ended.</summary>
    public Task EndedAsync() => loop ?? Task.CompletedTask;

    private async Task<long> RegisterAsync(BrokerRegistrationRequest registration, CancellationToken cancellation)
    {
        while (true)
        {
            BrokerRegistrationResponse? response = await controller.RegisterAsync(registration).WaitAsync(cancellation);
            if (response is { ErrorCode: (short)ErrorCode.None }) return response.BrokerEpoch;
            // Another incarnation's session has to end first, or the quorum has no leader yet.
            if (response is not null) logger.RegistrationRefused(options.NodeId, ((ErrorCode)response.ErrorCode).KafkaName());
            await scheduler.Delay(Limits.RegistrationRetry, cancellation);
        }
    }

    // A task of its own: waiting with a token on the cache's would go on off the scheduler.
    private async Task PublishedAsync(long offset) => await metadata.WaitForAsync(offset);

    private async Task BeatAsync()
    {
        while (!isStopping)
        {
            Uuid[] offline = OfflineDirectories();
            BrokerHeartbeatResponse? response = await controller.HeartbeatAsync(new BrokerHeartbeatRequest
            {
                BrokerId = options.NodeId,
                BrokerEpoch = BrokerEpoch,
                CurrentMetadataOffset = metadata.Image.Provenance.LastContainedOffset,
                WantShutDown = wantsShutDown,
                OfflineLogDirs = [.. offline],
                CordonedLogDirs = CordonedDirectories(),
            });
            Heard(response, offline);
            await PauseAsync(wantsShutDown && !relieved.IsDone ? Limits.ShutdownPoll : TimeSpan.FromMilliseconds(options.BrokerHeartbeatIntervalMs));
        }
    }

    // One that failed before its id was read was not registered: the controller does not count on it.
    private Uuid[] OfflineDirectories() => [.. directories().Where(static directory => directory.IsOffline && directory.Id != Uuid.Zero).Select(static directory => directory.Id)];

    // Null while there is nothing to say: none is cordoned, and the controller thinks so too.
    private MessageArray<Uuid>? CordonedDirectories()
    {
        Uuid[] cordoned = [.. directories().Where(static directory => directory.IsCordoned && !directory.IsOffline).Select(static directory => directory.Id)];
        bool isNews = cordoned.Length > 0 || metadata.Image.Cluster.Broker(options.NodeId)?.CordonedDirectories is { Length: > 0 };
        return isNews ? [.. cordoned] : null;
    }

    private void Heard(BrokerHeartbeatResponse? response, Uuid[] offline)
    {
        if (response is null) return;
        if (response.ErrorCode != (short)ErrorCode.None)
        {
            logger.HeartbeatRefused(options.NodeId, ((ErrorCode)response.ErrorCode).KafkaName());
            return;
        }

        reports.Told(offline);
        if (!response.IsFenced) unfenced.TryEnd(true);
        if (response.ShouldShutDown) relieved.TryEnd(true);
    }

    private async ValueTask PauseAsync(TimeSpan time)
    {
        var waiter = new Waiter();
        lock (gate)
        {
            if (isStopping) return;
            pause = waiter;
        }

        await deadlines.WaitAsync(waiter, deadlines.DeadlineAfter(time), CancellationToken.None);
    }

    private void Interrupt()
    {
        Waiter? waiter;
        lock (gate) waiter = pause;
        waiter?.TryEnd(true);
    }
}
