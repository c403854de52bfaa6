using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Output;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Starting;

/// <summary>Runs a node in this process until it is told to stop. The composition root: here sockets, disk, clock and threads are chosen.</summary>
internal static class NodeRun
{
    public static async Task<int> RunAsync(NodeConfiguration configuration, LogLevel least, bool quiet)
    {
        foreach (string warning in configuration.Warnings) Terminal.Warning(warning);
        NodeOptions options = configuration.Options;
#pragma warning disable RS0030 // The composition root chooses the clock.
        TimeProvider time = TimeProvider.System;
#pragma warning restore RS0030
        using var loggers = new LineLogger(least, time, Console.Error);
        ILogger logger = loggers.CreateLogger("Moldau");
        // A bug: the node is not to be trusted any more. Down is better than wrong.
        var scheduler = new ThreadPoolScheduler(time, (loop, e) => Environment.FailFast($"{loop}: {e.Message}", e));
        using var signals = new StopSignals();
        var node = new BrokerNode(options, new SocketTransport(), new PhysicalFileSystem(), scheduler, loggers);
        var progress = new RecoveryLines(Terminal.HasReader && !quiet ? Console.Error : null, time);
        try
        {
            await node.StartAsync(signals.Asked, progress);
        }
        catch (OperationCanceledException) when (signals.First.IsCompleted)
        {
            return ExitCode.Success;
        }

        progress.End();
        if (!quiet) StartBanner.Write(Console.Out, node, options, SinceProcessStart());
        Task ended = await Task.WhenAny(signals.First, node.Completion);
        if (ended == signals.First)
        {
            logger.Asked(signals.First.Result);
            await node.StopAsync();
        }

        NodeExit exit = await node.Completion;
        if (node.Failure is { } failure) Terminal.Error($"the node has ended: {failure.Message}");
        return exit == NodeExit.Stopped ? ExitCode.Success : ExitCode.Failure;
    }

    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
#pragma warning disable RS0030 // The system's own record of the start is in the system's time.
        return DateTime.Now - process.StartTime;
#pragma warning restore RS0030
    }
}
