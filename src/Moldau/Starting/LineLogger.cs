using Microsoft.Extensions.Logging;

namespace Moldau.Starting;

/// <summary>Writes the node's log to the error stream, an event a line. There is no queue: a line is out before the node goes on, so that the last one is never lost.</summary>
internal sealed class LineLogger(LogLevel least, TimeProvider time, TextWriter target) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("lines go to one place");

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        string line = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {Name(level)} {category}: {message}";
        lock (target)
        {
            target.WriteLine(line);
            if (exception is not null) target.WriteLine(exception);
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private sealed class Category(LineLogger lines, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= lines.Least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Write(logLevel, name, formatter(state, exception), exception);
        }
    }

    private LogLevel Least => least;
}
