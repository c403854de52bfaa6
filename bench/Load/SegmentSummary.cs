using Moldau.Processes;

namespace Moldau.Load;

/// <summary>How many batches, records and bytes a partition's segments hold: what counts of system calls are divided by.</summary>
internal static class SegmentSummary
{
    public static void Print(string folder, TextWriter output)
    {
        long batches = 0, records = 0, bytes = 0;
        foreach (SegmentBatch batch in Directory.EnumerateFiles(folder, "*.log").SelectMany(SegmentFile.Batches))
        {
            batches++;
            records += batch.RecordCount;
            bytes += batch.LengthBytes;
        }

        output.WriteLine($"{batches} {records} {bytes}");
    }
}
