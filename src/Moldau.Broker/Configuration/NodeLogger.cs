using Microsoft.Extensions.Logging;

namespace Moldau.Broker.Configuration;

/// <summary>
/// The node's logger, whose level can be changed while it runs (KIP-412): by its own name, or by the root's where it has none. What the host's configuration
/// of logging keeps out stays out. Thread-safe; a restart forgets the levels.
/// </summary>
internal sealed class NodeLogger(ILogger inner) : ILogger
{
    /// <summary>The category that the node logs under.</summary>
    public const string Name = "Moldau.Broker";

    /// <summary>The logger above all others.</summary>
    public const string Root = "root";

    private static readonly (string Name, LogLevel Level)[] KnownLevels =
    [
        ("TRACE", LogLevel.Trace), ("DEBUG", LogLevel.Debug), ("INFO", LogLevel.Information), ("WARN", LogLevel.Warning), ("ERROR", LogLevel.Error), ("FATAL", LogLevel.Critical),
    ];

    private volatile LogLevel root = LogLevel.Information;
    private volatile LogLevel own = LogLevel.None;

    /// <summary>Names of levels, as Kafka's tools know them.</summary>
    public static IEnumerable<string> LevelNames => KnownLevels.Select(known => known.Name);

    /// <summary>The loggers with their levels.</summary>
    public IReadOnlyList<(string Name, string Level)> Levels => [(Name, NameOf(Minimum)), (Root, NameOf(root))];

    private LogLevel Minimum => own == LogLevel.None ? root : own;

    /// <summary>Whether there is such a logger.</summary>
    public static bool Exists(string name) => name is Name or Root;

    /// <summary>Sets a logger's level.</summary>
    /// <param name="name">One that exists.</param>
    /// <param name="level">One of <see cref="LevelNames"/>; null leaves it to the root, which keeps its own.</param>
    public void SetLevel(string name, string? level)
    {
        LogLevel value = level is null ? LogLevel.None : Array.Find(KnownLevels, known => known.Name == level).Level;
        if (name == Name) own = value;
        else if (value != LogLevel.None) root = value;
        this.LoggerLevelChanged(name, level ?? NameOf(root));
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Minimum && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) inner.Log(logLevel, eventId, state, exception, formatter);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    private static string NameOf(LogLevel level) => Array.Find(KnownLevels, known => known.Level == level).Name;
}
