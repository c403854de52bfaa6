using Moldau.Storage.Directories;

namespace Moldau.Storage.Tests.Directories;

/// <summary>Writes all checkpoints of a store now, as the housekeeping loop does in its time.</summary>
internal static class OffsetCheckpointsProbe
{
    public static void WriteAll(TestStore store)
    {
        foreach (LogDirectory directory in store.Logs.Directories) OffsetCheckpoints.WriteAll(directory, store.Logs.Logs);
    }
}
