using Moldau.Storage.Files;

namespace Moldau.Broker.Partitions;

/// <summary>What an operator is to do about a log directory that failed, in a sentence.</summary>
internal static class DirectoryAdvice
{
    public static string For(Exception cause) => (cause as DiskException)?.Failure switch
    {
        DiskFailure.Full => "Make room on its volume and restart the node: what was acknowledged is on the disk",
        DiskFailure.Flush => "Check the disk, replace it if it is broken, and restart the node: what was acknowledged had been flushed before",
        _ => "Check the disk and its mount, repair or replace it, and restart the node",
    };
}
