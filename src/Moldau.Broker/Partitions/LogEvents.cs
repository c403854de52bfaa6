using Microsoft.Extensions.Logging;
using Moldau.Protocol;
using Moldau.Storage;

namespace Moldau.Broker.Partitions;

/// <summary>Passes on what the logs tell: appends and flushes to their partition, flushes of the metadata log to the quorum, a failed directory to everybody.</summary>
internal sealed class LogEvents(PartitionTable partitions, TopicPartition metadataLog, Action metadataLogFlushed, Action directoryFailed, Action<Exception> allDirectoriesFailed, ILogger logger) : ILogListener
{
    /// <summary>The node's logs; set once they are open.</summary>
    public LogStore? Store { get; set; }

    public void Appended(PartitionLog log) => partitions.Of(log.Partition)?.Appended();

    public void Flushed(PartitionLog log)
    {
        if (log.Partition == metadataLog) metadataLogFlushed();
        else partitions.Of(log.Partition)?.Flushed();
    }

    public void Failed(LogDirectory directory, Exception cause)
    {
        logger.DirectoryOffline(directory.Path, cause.Message, DirectoryAdvice.For(cause), cause);
        // The quorum waits for a flush that will never come, if the directory is its own.
        metadataLogFlushed();
        // Who waits for the high watermark of a failed log would wait in vain.
        foreach (HostedPartition partition in partitions.All)
        {
            if (partition.Log.Directory == directory) partition.WakeAll();
        }

        if (Store is { } store && store.Directories.All(each => each.IsOffline))
            allDirectoriesFailed(new IOException($"no log directory is left, the last one was {directory.Path}: {cause.Message}. {DirectoryAdvice.For(cause)}", cause));
        else directoryFailed();
    }
}
