using Microsoft.Extensions.Logging;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Verification;

/// <summary>What a start would do: it is made, on a file system that writes nothing, and the files are looked at afterwards.</summary>
internal sealed class StartForecast
{
    private readonly DryRunFileSystem files;
    private readonly Dictionary<string, Exception> offline = new(StringComparer.Ordinal);
    private LogStore? store;

    private StartForecast(DryRunFileSystem files) => this.files = files;

    /// <summary>What the start warned of.</summary>
    public List<string> Messages { get; } = [];

    /// <summary>Starts, as far as logs go.</summary>
    public static async Task<StartForecast> RunAsync(IFileSystem disk, IReadOnlyList<string> directories, LogConfig config, IScheduler scheduler)
    {
        var forecast = new StartForecast(new DryRunFileSystem(disk));
        // Nothing is flushed: there is nothing to flush.
        var options = new LogStoreOptions { Directories = directories, DefaultConfig = config, FlushPolicy = FlushPolicy.PageCache };
        try
        {
            forecast.store = await LogStore.OpenAsync(options, forecast.files, scheduler, new Listening(forecast.Messages));
            foreach (LogDirectory directory in forecast.store.Directories)
            {
                if (directory.Failure is { } failure) forecast.offline.Add(directory.Path, failure);
            }
        }
        catch (DuplicateLogException refused)
        {
            forecast.Messages.Add(refused.Message);
        }
        catch (IOException nothingOpens)
        {
            foreach (string directory in directories) forecast.offline.Add(directory, nothingOpens.InnerException ?? nothingOpens);
        }

        return forecast;
    }

    /// <summary>Where a log ends after the start; null when it is not opened.</summary>
    public long? EndOffset(TopicPartition partition) => store?.Find(partition)?.LogEndOffset.Value;

    /// <summary>Completes a finding with what the start did about its file.</summary>
    public Finding Of(in RawFinding raw)
    {
        string path = raw.Damage.Path;
        foreach ((string directory, Exception failure) in offline)
        {
            if (failure.Message.Contains(path, StringComparison.Ordinal)) return new Finding(raw.Damage, raw.IsDamage, StartOutcome.Offline, $"the log directory {directory} goes offline: nothing in it is served", null);
        }

        Response response = Respond(raw, path, out long? length);
        return new Finding(raw.Damage, raw.IsDamage, response.Outcome, response.Text, length);
    }

    private Response Respond(in RawFinding raw, string path, out long? lengthAfter)
    {
        lengthAfter = null;
        if (!files.Disk.FileExists(path)) return files.FileExists(path) ? Response.Rebuilt() : raw.Untouched;
        (StartOutcome outcome, long length) = files.ChangeOf(path);
        DataFileKind kind = DataFiles.KindOf(Path.GetFileName(path));
        bool isLog = kind == DataFileKind.Segment && DataFiles.LeftoverSuffix(Path.GetFileName(path)) is null;
        switch (outcome)
        {
            case StartOutcome.Cut when raw.Damage.Position is { } at && at < length:
                return raw.Untouched;
            case StartOutcome.Cut:
                lengthAfter = length;
                return Response.Cut(length);
            case StartOutcome.Removed: return isLog ? new Response(outcome, "the segment is removed: the log ends before it") : Response.Removed();
            case StartOutcome.Rebuilt: return Response.Rebuilt();
            case StartOutcome.Renamed: return new Response(outcome, "put in its place");
            default:
                bool isIndex = kind is DataFileKind.OffsetIndex or DataFileKind.TimeIndex or DataFileKind.TransactionIndex;
                return isIndex && IsRebuiltWhenRead(path) ? Response.Rebuilt("from the log when the segment is first read") : raw.Untouched;
        }
    }

    // The indexes of segments that are not appended to are looked at when they are first used.
    private bool IsRebuiltWhenRead(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (store?.Logs.FirstOrDefault(log => log.State.Folder == folder)?.State is not { } log || DataFiles.BaseOffset(Path.GetFileName(path)) is not { } offset) return false;
        LogSegment segment = log.Segments[LogState.Floor(log.Segments, offset)];
        if (segment.BaseOffset != offset) return false;
        try
        {
            IndexRebuild.Ensure(log, segment);
            _ = LogReader.Aborted(log, offset, offset + 1);
            return files.ChangeOf(path).Outcome != StartOutcome.Kept;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed class Listening(List<string> messages) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            lock (messages) messages.Add(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} ({exception.Message})");
        }
    }
}
