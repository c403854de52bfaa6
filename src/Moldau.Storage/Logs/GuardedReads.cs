using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Logs;

/// <summary>
/// Reads of a log that retention shortens and a move takes elsewhere meanwhile; the one place where a read that fails is caught: damage in one batch, or a file that is gone,
/// says nothing of the directory, anything else takes it offline.
/// </summary>
internal static class GuardedReads
{
    /// <summary>See <see cref="PartitionLog.Read"/>.</summary>
    public static LogReadResult Read(PartitionLog log, long from, int bytesMax, long upperBound, bool atLeastOneBatch)
    {
        for (int attempt = 0; ; attempt++)
        {
            LogState used = log.State;
            if (used.Directory.IsOffline) return LogReadResult.Fail(ErrorCode.KafkaStorageError, used);
            try
            {
                return LogReader.Read(used, from, bytesMax, upperBound, atLeastOneBatch);
            }
            catch (FileNotFoundException) when (attempt < Limits.ReadRetries)
            {
                AwaitMove(used);
            }
            catch (IOException broken)
            {
                return LogReadResult.Fail(Failed(used, broken), used);
            }
        }
    }

    /// <summary>Any other read; what is to be given otherwise when it fails.</summary>
    public static T Run<T>(PartitionLog log, Func<LogState, T> read, T otherwise)
    {
        for (int attempt = 0; ; attempt++)
        {
            LogState used = log.State;
            if (used.Directory.IsOffline) return otherwise;
            try
            {
                return read(used);
            }
            catch (FileNotFoundException) when (attempt < Limits.ReadRetries)
            {
                // Retention removed a segment in between: the list is newer now.
                AwaitMove(used);
            }
            catch (IOException broken)
            {
                Failed(used, broken);
                return otherwise;
            }
        }
    }

    // The end of a move renames folders under the gate: with it, the files are where the log says.
    private static void AwaitMove(LogState used)
    {
        lock (used.Gate)
        {
        }
    }

    private static ErrorCode Failed(LogState log, IOException broken)
    {
        if (log.Closed) return ErrorCode.NotLeaderOrFollower;
        if (broken is IndexException or RecordFormatException or FileNotFoundException)
        {
            Log.Unreadable(log.Directory.Logger, broken, log.Partition);
            return ErrorCode.CorruptMessage;
        }

        log.Directory.Fail(broken);
        return ErrorCode.KafkaStorageError;
    }
}
