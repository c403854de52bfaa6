using System.Diagnostics;
using System.Net;

namespace Moldau.Processes;

/// <summary>
/// One node as a process: started, waited for, stopped or killed, and started again on what it left. Not thread-safe: one owner starts
/// and ends it. The process never outlives its owner's.
/// </summary>
public sealed class NodeProcess(NodeProgram program, NodeSetup setup) : IAsyncDisposable
{
    private readonly LogTail _log = new();
    private Process? _process;
    private long _startedAt;

    public NodeProgram Program { get; } = program;

    public NodeSetup Setup { get; } = setup;

    public IPEndPoint EndPoint { get; } = new(IPAddress.Loopback, setup.Port);

    /// <summary>Told of every line that the node says, on any thread.</summary>
    public event Action<string>? Said;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The id of the running process.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the node is not running");

    /// <summary>The last lines that the node said.</summary>
    public string Log => _log.Text;

    /// <summary>Time since the last <see cref="Start"/>.</summary>
    public TimeSpan SinceStart => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>Prepares the folder, starts the node and waits until it acknowledges a record.</summary>
    public static async Task<NodeProcess> StartedAsync(NodeProgram program, NodeSetup setup, CancellationToken token)
    {
        var node = new NodeProcess(program, setup);
        await program.PrepareAsync(setup, token);
        node.Start();
        await node.ServingAsync(token);
        return node;
    }

    public void Start()
    {
        if (IsRunning) throw new InvalidOperationException("the node is running already");
        _process?.Dispose();
        _process = new Process { StartInfo = Program.Start(Setup), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        AppDomain.CurrentDomain.ProcessExit += EndWithOwner;
        _startedAt = Stopwatch.GetTimestamp();
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until the node acknowledges a record with acks=all, and says how long after its start that was.</summary>
    /// <exception cref="ProgramFailedException">It ended, or did not serve within <see cref="Limits.NodeStart"/>.</exception>
    public async Task<TimeSpan> ServingAsync(CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(Limits.NodeStart);
        using var probe = new WireProbe(EndPoint);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        try
        {
            while (!await probe.TryProduceAsync("moldau-probe", deadline.Token))
            {
                if (!IsRunning) throw new ProgramFailedException($"{Program.Name} ended with exit code {_process?.ExitCode} before it served:\n{Log}");
                await pace.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new ProgramFailedException($"{Program.Name} did not acknowledge a record within {Limits.NodeStart}:\n{Log}");
        }

        return SinceStart;
    }

    /// <summary>kill -9: the node gets no chance to say or write anything more.</summary>
    public async Task KillAsync()
    {
        if (_process == null) return;
        _process.Kill(entireProcessTree: false);
        await _process.WaitForExitAsync();
        AppDomain.CurrentDomain.ProcessExit -= EndWithOwner;
    }

    /// <summary>SIGTERM, and waits for the end; a node that does not end in time is killed.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (_process == null) return 0;
        UnixSignal.Terminate(_process);
        using var deadline = new CancellationTokenSource(Limits.NodeStop);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new ProgramFailedException($"{Program.Name} did not stop within {Limits.NodeStop} of SIGTERM:\n{Log}");
        }

        AppDomain.CurrentDomain.ProcessExit -= EndWithOwner;
        return _process.ExitCode;
    }

    /// <summary>Waits until the node has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync(CancellationToken token)
    {
        if (_process == null) return 0;
        await _process.WaitForExitAsync(token);
        AppDomain.CurrentDomain.ProcessExit -= EndWithOwner;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        _process?.Dispose();
        _process = null;
    }

    private void Take(string? line)
    {
        _log.Add(line);
        if (line != null) Said?.Invoke(line);
    }

    private void EndWithOwner(object? sender, EventArgs e)
    {
        if (IsRunning) _process!.Kill(entireProcessTree: true);
    }
}
