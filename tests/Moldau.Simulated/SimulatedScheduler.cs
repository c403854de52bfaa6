using Moldau.Protocol.Transport;

namespace Moldau.Simulated;

/// <summary>The scheduler of a process in the simulated world.</summary>
public sealed class SimulatedScheduler : IScheduler
{
    private readonly SimulatedProcess process;
    private readonly SeededRandom random;

    internal SimulatedScheduler(SimulatedProcess process)
    {
        this.process = process;
        random = process.World.Random.Fork();
    }

    /// <inheritdoc/>
    public TimeProvider Time => process.Time;

    /// <inheritdoc/>
    public void FillRandom(Span<byte> target) => random.Fill(target);

    /// <inheritdoc/>
    public Task Start(string name, Func<Task> loop) => Begin(async () =>
    {
        try
        {
            await loop();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            process.World.Report(process, name, failure);
            throw;
        }
    });

    /// <inheritdoc/>
    /// <remarks>The work itself takes effect somewhere between call and completion, as on another thread, so that what happens in between shows.</remarks>
    public Task RunBlocking(Action work)
    {
        TaskCompletionSource done = new(); // completed by an event of its own: whoever waits may go on at once
        SimulatedWorld world = process.World;
        (TimeSpan before, TimeSpan after) = world.Weather.Blocking();
        world.After(before, process, () =>
        {
            Exception? failure = Try(work);
            world.After(after, process, () =>
            {
                if (failure is null) done.SetResult();
                else done.SetException(failure);
            });
        });
        return done.Task;
    }

    /// <inheritdoc/>
    public Task Delay(TimeSpan delay, CancellationToken cancellation = default) => Task.Delay(delay, Time, cancellation);

    /// <summary>Runs a scenario, whose failure is its caller's to see and nobody else's.</summary>
    internal Task Run(Func<Task> scenario) => Begin(scenario);

    private static Exception? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private Task Begin(Func<Task> body)
    {
        TaskCompletionSource done = new(); // ends as the loop's own task would: on the loop's stack
        process.Context.Post(_ => Follow(body, done), null);
        return done.Task;
    }

    private static async void Follow(Func<Task> body, TaskCompletionSource done)
    {
        try
        {
            await body();
            done.SetResult();
        }
        catch (OperationCanceledException cancelled)
        {
            done.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }
}
