using Moldau.Broker;
using Moldau.Protocol.Transport;
using Moldau.Starting;
using Moldau.Storage.Files;

namespace Moldau.Commands.Storage;

/// <summary>What commands need that work on the directories of a node which does not run.</summary>
internal static class OfflineNode
{
    public static PhysicalFileSystem Files { get; } = new();

#pragma warning disable RS0030 // The composition root chooses the clock.
    public static ThreadPoolScheduler Scheduler { get; } = new(TimeProvider.System, static (loop, e) => Environment.FailFast($"{loop}: {e.Message}", e));
#pragma warning restore RS0030

    public static NodeOptions Load(string configFile) => new StartSettings(configFile, null, null, []).Load().Options;
}
