namespace Moldau.Client.Waiting;

/// <summary>
/// Waiting for a task with a token, without leaving the scheduler. <c>Task.WaitAsync</c> and <c>Task.WhenAny</c> pass through the thread pool when the task they wait for runs
/// its continuations asynchronously.
/// </summary>
internal static class Cancellable
{
    /// <summary>The task's result, or cancellation if that comes first; the task itself goes on.</summary>
    public static async Task<T> OrCancelled<T>(this Task<T> task, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled || task.IsCompleted) return await task;
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(_ => result.TrySetCanceled(cancellation), null);
        _ = ForwardAsync(task, result);
        return await result.Task;
    }

    /// <summary>As the other, for a task without a result.</summary>
    public static Task OrCancelled(this Task task, CancellationToken cancellation) =>
        cancellation.CanBeCanceled && !task.IsCompleted ? WithResultAsync(task).OrCancelled(cancellation) : task;

    private static async Task<bool> WithResultAsync(Task task)
    {
        await task;
        return true;
    }

    private static async Task ForwardAsync<T>(Task<T> task, TaskCompletionSource<T> target)
    {
        try
        {
            target.TrySetResult(await task);
        }
        catch (OperationCanceledException e)
        {
            target.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            // It is passed on, not handled; nobody may be left to look at it.
            if (target.TrySetException(e)) _ = target.Task.Exception;
        }
    }
}
