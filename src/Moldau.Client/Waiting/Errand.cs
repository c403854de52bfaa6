using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Waiting;

/// <summary>
/// Something that a loop has done in the background, one run at a time. The loop is woken after <see cref="IsRunning"/> has turned false: woken earlier, it
/// could look, find the errand under way, and wait for a wake that has been. What the errand writes is seen by whoever sees it ended.
/// </summary>
internal sealed class Errand(IScheduler scheduler, Signal wake)
{
    private volatile bool isRunning;

    public bool IsRunning => isRunning;

    /// <summary>Begins a run; none may be under way. <paramref name="work"/> handles its own failures.</summary>
    public void Start(string name, Func<Task> work)
    {
        Invariant.That(!isRunning);
        isRunning = true;
        _ = scheduler.Start(name, () => RunAsync(work));
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        finally
        {
            isRunning = false;
            wake.Set();
        }
    }
}
