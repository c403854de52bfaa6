namespace Moldau.Storage;

/// <summary>
/// What the logs tell their owner. Called outside all locks, on whichever thread did the work: the appender's, or the scheduler's after a
/// flush. It must not block.
/// </summary>
public interface ILogListener
{
    /// <summary>Records were appended: <see cref="PartitionLog.LogEndOffset"/> rose.</summary>
    void Appended(PartitionLog log);

    /// <summary>Records became durable: <see cref="PartitionLog.FlushedOffset"/> rose.</summary>
    void Flushed(PartitionLog log);

    /// <summary>A log directory went offline, for good: every log in it answers KAFKA_STORAGE_ERROR from here on. Called once per directory.</summary>
    void Failed(LogDirectory directory, Exception cause);
}
