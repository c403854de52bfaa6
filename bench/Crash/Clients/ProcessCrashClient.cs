using System.Diagnostics;
using Moldau.Crash.Ledgers;

namespace Moldau.Crash.Clients;

/// <summary>A producer that is a process of its own and tells its acknowledgements line by line.</summary>
internal abstract class ProcessCrashClient(string name, Ledger[] ledgers, Violations violations, ProcessStartInfo start)
    : CrashClient(name, ledgers)
{
    private Process? _process;
    private bool _isStopping;

    public override bool IsIdempotent => false;

    protected Process Process => _process ?? throw new InvalidOperationException($"{Name} was not started");

    protected Violations Violations { get; } = violations;

    protected bool IsStopping => Volatile.Read(ref _isStopping);

    public override void Start()
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Tell(line.Data, OnOutput);
        _process.ErrorDataReceived += (_, line) => Tell(line.Data, OnErrorOutput);
        _process.Exited += (_, _) => OnExit();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        OnStarted();
    }

    public override async Task StopAsync(CancellationToken token)
    {
        Volatile.Write(ref _isStopping, true);
        await AskToEndAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(Limits.ClientStop);
        try
        {
            await Process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            Violations.Add($"{Name}: did not get its last acknowledgements within {Limits.ClientStop}");
            Process.Kill(entireProcessTree: true);
        }
    }

    public override ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isStopping, true);
        if (_process is { HasExited: false }) _process.Kill(entireProcessTree: true);
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Called when the process runs.</summary>
    protected virtual void OnStarted()
    {
    }

    /// <summary>Makes the process produce nothing more and end when it has its acknowledgements.</summary>
    protected abstract Task AskToEndAsync();

    protected abstract void OnOutput(string line);

    protected abstract void OnErrorOutput(string line);

    private static void Tell(string? line, Action<string> listener)
    {
        if (line != null) listener(line);
    }

    private void OnExit()
    {
        if (!IsStopping) Violations.Add($"{Name}: ended by itself");
    }
}
