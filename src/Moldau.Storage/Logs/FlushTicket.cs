namespace Moldau.Storage.Logs;

/// <summary>
/// A log's place in its directory's group commit: what is asked for, and what the running flush covers. One for each place a log has been in, so that the group commits
/// of two directories never share one while the log moves between them.
/// </summary>
internal sealed class FlushTicket
{
    public FlushTicket(LogState log, PartitionLog owner)
    {
        Owner = owner;
        Run = () => Raised = LogFlush.Run(log, Covered);
    }

    /// <summary>Whom the listener is told of.</summary>
    public PartitionLog Owner { get; }

    /// <summary>Under the group commit's lock: what is asked for.</summary>
    public FlushScope? Asked { get; set; }

    /// <summary>Owned by the group commit: what the running flush covers.</summary>
    public FlushScope Covered { get; set; }

    /// <summary>Whether the last flush raised the flushed offset.</summary>
    public bool Raised { get; private set; }

    /// <summary>Flushes as far as the group commit was asked to. Blocking.</summary>
    public Action Run { get; }
}
