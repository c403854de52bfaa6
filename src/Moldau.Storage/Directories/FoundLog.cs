using Moldau.Protocol;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Directories;

/// <summary>A folder with a log, or with a copy of one, that was found when the store was opened.</summary>
internal readonly record struct FoundLog(LogDirectory Directory, TopicPartition Partition, string Folder, LogCheckpoints Checkpoints)
{
    /// <summary>Whether the folder has the name of a copy on its way.</summary>
    public bool IsFuture => Folder.EndsWith(FolderNames.FutureSuffix, StringComparison.Ordinal);
}
