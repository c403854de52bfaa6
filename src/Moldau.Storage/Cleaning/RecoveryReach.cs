using Moldau.Storage.Logs;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Before anything is cleaned the recovery point in the checkpoint file must have passed it: what is above it recovery reads as it was appended, and takes a gap between
/// two segments for a loss.
/// </summary>
internal static class RecoveryReach
{
    /// <summary>Raises the recovery point in the file to the log's flushed offset unless it is beyond an offset already. Blocking.</summary>
    public static void Ensure(LogState log, long offset)
    {
        if (log.ConfirmedRecoveryPoint < offset) log.Directory.WriteRecoveryPoints();
        if (log.ConfirmedRecoveryPoint < offset) throw new CleaningAbandonedException(log.Partition);
    }
}
