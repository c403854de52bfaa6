using Microsoft.Extensions.Logging;
using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>What the logs report. Data at risk is Error.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "log directory {Directory} is offline: nothing in it is written or acknowledged any more")]
    public static partial void DirectoryFailed(ILogger logger, Exception cause, string directory);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: records cannot be read")]
    public static partial void Unreadable(ILogger logger, Exception cause, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: segment {Segment} ends at offset {Offset}, {Bytes} bytes behind it are torn or damaged and were cut off")]
    public static partial void LogTruncated(ILogger logger, TopicPartition partition, long segment, long offset, int bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: segment {Segment} ends at offset {Offset}; {Bytes} bytes of preallocated or unwritten room behind it were cut off")]
    public static partial void TailOfZeros(ILogger logger, TopicPartition partition, long segment, long offset, int bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: the unflushed log ends at offset {End} and goes on at {Next}: what came between is lost, what came after is cut off")]
    public static partial void SegmentsNotContiguous(ILogger logger, TopicPartition partition, long end, long next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: the indexes of segment {Segment} are missing or do not fit and are built anew")]
    public static partial void IndexRebuilt(ILogger logger, TopicPartition partition, long segment);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: the log is to start at {Start} and ends at {End}: files are missing; it begins anew")]
    public static partial void LogStartsBehindEnd(ILogger logger, TopicPartition partition, long start, long end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is not used: {Reason}")]
    public static partial void CheckpointIgnored(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be removed")]
    public static partial void NotRemoved(ILogger logger, Exception cause, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "folder {Path} is no log's and is left alone")]
    public static partial void ForeignFolder(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Directory}: {Count} logs opened in {Milliseconds} ms after {Stop} stop")]
    public static partial void DirectoryOpened(ILogger logger, string directory, int count, long milliseconds, string stop);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: {Count} segments are past retention and were removed")]
    public static partial void Retained(ILogger logger, TopicPartition partition, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition} was moved from {From} to {To}")]
    public static partial void Moved(ILogger logger, TopicPartition partition, string from, string to);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition} cannot be moved to {Directory} and stays where it is")]
    public static partial void MoveFailed(ILogger logger, Exception cause, TopicPartition partition, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} is the unfinished copy of a log that is elsewhere; it is removed")]
    public static partial void CopyDiscarded(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} is the complete copy of a log whose move was interrupted; it is the log now")]
    public static partial void CopyPromoted(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: cleaned from offset {From} to {To}: {BytesRead} bytes read, {BytesWritten} written, {RecordsKept} of {RecordsRead} records kept")]
    public static partial void Cleaned(ILogger logger, TopicPartition partition, long from, long to, long bytesRead, long bytesWritten, long recordsRead, long recordsKept);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Partition}: the cleaning was abandoned, since the log changed or the cleaner stops")]
    public static partial void CleaningAbandoned(ILogger logger, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: {Count} records without a key were in the compacted log and are gone")]
    public static partial void RecordsWithoutKey(ILogger logger, TopicPartition partition, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: the log is damaged and is not cleaned any more until the next start; it stays readable where it is sound")]
    public static partial void Uncleanable(ILogger logger, Exception cause, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition} is none of this node's: its log was put aside as {Folder}; remove that folder if nobody misses it")]
    public static partial void PutAside(ILogger logger, TopicPartition partition, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} holds a log that was put aside; it is left alone: remove it if nobody misses it")]
    public static partial void StrayLeft(ILogger logger, string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: the log is deleted")]
    public static partial void LogDeleted(ILogger logger, TopicPartition partition);
}
