using Microsoft.Extensions.Logging;
using Moldau.Broker.Partitions;
using Moldau.Broker.Scheduling;
using Moldau.Metadata;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Controllers;

/// <summary>
/// The shell of the controller core: one loop owns it. An operation runs on the loop; its records are appended to the metadata log and replayed at once, and it is
/// answered when they are committed. The quorum tells it of commits, snapshots and changes of leader.
/// </summary>
internal sealed class ControllerLoop
{
    private readonly Controller controller;
    private readonly IMetadataLog log;
    private readonly ILogger logger;
    private readonly int nodeId;
    private readonly IReadOnlyList<MetadataRecord> bootstrap;
    private readonly EventLoop loop;
    private readonly Queue<(long Offset, Action<bool> Answer)> uncommitted = new();
    private int epoch = -1;

    public ControllerLoop(
        Controller controller, IMetadataLog log, int nodeId, IReadOnlyList<MetadataRecord> bootstrap, IScheduler scheduler, Purgatory deadlines, ILogger logger)
    {
        this.controller = controller;
        this.log = log;
        this.nodeId = nodeId;
        this.bootstrap = bootstrap;
        this.logger = logger;
        loop = new EventLoop("controller", scheduler, deadlines, () => controller.NextDeadlineMs, Tick);
    }

    /// <summary>Begins to work on what is posted.</summary>
    public void Start() => loop.Start();

    /// <summary>Ends the loop; operations that are not committed are answered NOT_CONTROLLER.</summary>
    public async Task StopAsync()
    {
        await loop.StopAsync();
        FailUncommitted();
    }

    /// <summary>Runs an operation, and completes when its records are committed.</summary>
    /// <param name="operation">Called on the loop, with the core. It must not keep it.</param>
    /// <param name="apiVersion">The request's version.</param>
    /// <param name="principal">Who asks.</param>
    public Task<ControllerAnswer<T>> SubmitAsync<T>(Func<Controller, ControllerContext, ControllerResult<T>> operation, short apiVersion, string principal = "User:ANONYMOUS")
    {
        var answer = new TaskCompletionSource<ControllerAnswer<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!loop.TryPost(() => Run(operation, new ControllerContext(loop.NowMs, principal, apiVersion), answer))) answer.SetResult(NotController<T>());
        return answer.Task;
    }

    /// <summary>The quorum has a leader, or lost it.</summary>
    /// <param name="leader">Its node id; -1: none.</param>
    /// <param name="leaderEpoch">Its epoch.</param>
    /// <param name="nextOffset">The offset that the next record appended gets.</param>
    /// <param name="kraftVersion">The quorum's kraft.version.</param>
    public void LeaderChanged(int leader, int leaderEpoch, long nextOffset, short kraftVersion) => loop.TryPost(() =>
    {
        if (controller.IsActive) Resign();
        epoch = leaderEpoch;
        controller.KRaftVersion = kraftVersion;
        if (leader == nodeId) Activate(nextOffset);
    });

    /// <summary>A batch is committed. While this node leads, the core has replayed it before.</summary>
    public void Committed(IReadOnlyList<MetadataRecord> records, long baseOffset, long lastOffset) => loop.TryPost(() =>
    {
        if (!controller.IsActive) controller.ReplayBatch(records, baseOffset);
        controller.Commit(lastOffset);
        while (uncommitted.TryPeek(out (long Offset, Action<bool> Answer) first) && first.Offset <= lastOffset) uncommitted.Dequeue().Answer(true);
    });

    /// <summary>The state begins anew from a snapshot.</summary>
    public void SnapshotLoaded(IReadOnlyList<MetadataRecord> records, long lastContainedOffset) => loop.TryPost(() => controller.LoadSnapshot(records, lastContainedOffset));

    private void Activate(long nextOffset)
    {
        ControllerResult<string> first = controller.Activate(loop.NowMs, nextOffset, bootstrap);
        logger.ControllerActive(nodeId, epoch, first.Response);
        Append(first.Records, first.IsAtomic, out _);
    }

    private void Resign()
    {
        logger.ControllerResigned(nodeId, epoch);
        controller.Deactivate();
        FailUncommitted();
    }

    private void FailUncommitted()
    {
        while (uncommitted.TryDequeue(out (long Offset, Action<bool> Answer) failed)) failed.Answer(false);
    }

    private void Run<T>(
        Func<Controller, ControllerContext, ControllerResult<T>> operation, ControllerContext context, TaskCompletionSource<ControllerAnswer<T>> answer)
    {
        if (!controller.IsActive)
        {
            answer.SetResult(NotController<T>());
            return;
        }

        ControllerResult<T> result = operation(controller, context);
        if (!Append(result.Records, result.IsAtomic, out long offset))
        {
            answer.SetResult(NotController<T>());
            return;
        }

        // An operation without records may have looked at some that are not committed yet: it waits for them too.
        WhenCommitted(offset, isCommitted => answer.SetResult(
            isCommitted ? new ControllerAnswer<T>(ErrorCode.None, result.Response, offset) : NotController<T>()));
    }

    private void WhenCommitted(long offset, Action<bool> answer)
    {
        if (offset <= controller.CommittedOffset) answer(true);
        else uncommitted.Enqueue((offset, answer));
    }

    // The offset is that of the last record in the log when there are none to append.
    private bool Append(IReadOnlyList<MetadataRecord> records, bool isAtomic, out long lastOffset)
    {
        lastOffset = controller.LastOffset;
        if (records.Count == 0) return true;
        if (log.TryAppend(epoch, records, isAtomic) is not { } appended)
        {
            // The quorum has moved on, and its news is on the way.
            Resign();
            return false;
        }

        lastOffset = appended;
        controller.ReplayBatch(records, appended - records.Count + 1);
        return true;
    }

    private void Tick()
    {
        ControllerResult<PeriodicTask> result = controller.Tick(loop.NowMs);
        Append(result.Records, result.IsAtomic, out _);
    }

    private static ControllerAnswer<T> NotController<T>() => new(ErrorCode.NotController, default, -1);
}
