using System.Runtime.InteropServices;

namespace Moldau.Starting;

/// <summary>SIGINT and SIGTERM: the first asks to stop, the second ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<PosixSignal> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;
    private readonly CancellationTokenSource asked = new();

    public StopSignals()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Completes with the first signal.</summary>
    public Task<PosixSignal> First => first.Task;

    /// <summary>Cancelled with the first signal.</summary>
    public CancellationToken Asked => asked.Token;

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        asked.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!first.TrySetResult(context.Signal)) Environment.Exit(context.Signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Terminated);
        asked.Cancel();
    }
}
