using Moldau.Broker.Controllers;
using Moldau.Broker.Publishing;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Admin;

/// <summary>
/// Takes clients' changes of metadata to the controller, and answers when they are committed and this node acts on them: a client that is told of a new topic finds it here.
/// </summary>
internal sealed class ControllerWrites(ControllerLoop controller, MetadataCache metadata, IScheduler scheduler, Func<int> requestTimeoutMs)
{
    /// <summary>
    /// Runs an operation. NOT_CONTROLLER: this node does not lead the quorum. REQUEST_TIMED_OUT: it did not come to an end in time; if it had begun, it may still take effect.
    /// </summary>
    /// <param name="operation">Called on the controller's loop with the core. It may use the request: after a timeout it is not called any more.</param>
    /// <param name="apiVersion">The request's version.</param>
    /// <param name="timeoutMs">How long the client would wait; null where the API does not say: <c>request.timeout.ms</c>. With 0 or less nothing is done, as in Kafka.</param>
    public async ValueTask<(ErrorCode Error, T? Response)> RunAsync<T>(
        Func<Controller, ControllerContext, ControllerResult<T>> operation, short apiVersion, int? timeoutMs)
        where T : class
    {
        if (timeoutMs <= 0) return (ErrorCode.RequestTimedOut, null);
        var gate = new Gate();
        Task<ControllerAnswer<T>> work = RunToEndAsync(operation, gate, apiVersion);
        if (!work.IsCompleted)
        {
            using var done = new CancellationTokenSource();
            Task timeout = scheduler.Delay(TimeSpan.FromMilliseconds(timeoutMs ?? requestTimeoutMs()), done.Token);
            if (await Task.WhenAny(work, timeout) == timeout)
            {
                gate.TryClose();
                return (ErrorCode.RequestTimedOut, null);
            }

            // Not CancelAsync: it would leave the scheduler for the thread pool.
            done.Cancel();
        }

        ControllerAnswer<T> answer = await work;
        return (answer.Error, answer.Response);
    }

    private async Task<ControllerAnswer<T>> RunToEndAsync<T>(Func<Controller, ControllerContext, ControllerResult<T>> operation, Gate gate, short apiVersion)
        where T : class
    {
        ControllerAnswer<T> answer = await controller.SubmitAsync(
            (core, context) => gate.TryEnter() ? operation(core, context) : ControllerResult<T>.Of(null!), apiVersion);
        if (answer.Error == ErrorCode.None) await metadata.WaitForAsync(answer.Offset);
        return answer;
    }

    // The request is recycled once it is answered: an operation that has not begun by then must not begin.
    private sealed class Gate
    {
        private const int Open = 0, Entered = 1, Closed = 2;
        private int state;

        public bool TryEnter() => Interlocked.CompareExchange(ref state, Entered, Open) == Open;

        public bool TryClose() => Interlocked.CompareExchange(ref state, Closed, Open) == Open;
    }
}
