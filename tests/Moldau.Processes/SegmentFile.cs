using System.Buffers.Binary;

namespace Moldau.Processes;

/// <summary>One batch of a segment: what its header says.</summary>
public readonly record struct SegmentBatch(long BaseOffset, int LengthBytes, int Codec, bool IsControl, int RecordCount);

/// <summary>
/// The batches of a <c>.log</c> file by their headers alone, in the format that Kafka and we share. It reads by itself, so that a test can
/// see what stands on the disk without asking the code that wrote it.
/// </summary>
public static class SegmentFile
{
    private const int HeaderBytes = 61;
    private const int BytesBeforeLength = 12;

    /// <summary>Every whole batch; a torn tail is left out.</summary>
    public static IEnumerable<SegmentBatch> Batches(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] header = new byte[HeaderBytes];
        while (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
            // Space that is preallocated and not yet written reads as zeros.
            if (length <= HeaderBytes - BytesBeforeLength || length > Limits.BatchBytesMax || header[16] != 2) yield break;
            short attributes = BinaryPrimitives.ReadInt16BigEndian(header.AsSpan(21));
            yield return new SegmentBatch(
                BinaryPrimitives.ReadInt64BigEndian(header), length + BytesBeforeLength, attributes & 7, (attributes & 0x20) != 0,
                BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(57)));
            file.Seek(length + BytesBeforeLength - HeaderBytes, SeekOrigin.Current);
        }
    }

    /// <summary>The batches of all segments of a partition, oldest first.</summary>
    public static IEnumerable<SegmentBatch> OfPartition(string logDir, string topic, int partition) =>
        Directory.EnumerateFiles(Path.Combine(logDir, $"{topic}-{partition}"), "*.log").Order(StringComparer.Ordinal).SelectMany(Batches);
}
