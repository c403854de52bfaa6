using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Storage.Tests;

/// <summary>Reads a log as a consumer does: fetch after fetch, dropping what lies before the offset it is at.</summary>
internal static class LogReading
{
    /// <summary>All records a consumer gets, control records left out; with <paramref name="committed"/> those of aborted transactions too.</summary>
    public static List<DecodedRecord> Consume(PartitionLog log, Offset upperBound, bool committed = false, int bytesMax = 700)
    {
        var records = new List<DecodedRecord>();
        Offset at = log.LogStartOffset;
        while (at < upperBound)
        {
            LogReadResult read = log.Read(at, bytesMax, upperBound, atLeastOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            if (read.SizeInBytes == 0) return records;
            byte[] bytes = Bytes(read);
            var aborted = committed ? log.AbortedTransactions(at, read) : [];
            Offset next = Take(bytes, at, [.. aborted], records);
            Assert.True(next > at, "a read moves on");
            at = next;
        }

        return records;
    }

    /// <summary>The bytes of a read; gives the file back.</summary>
    public static byte[] Bytes(in LogReadResult read) => read.Records.Region is { } region ? Bytes(region) : [];

    /// <summary>The bytes of a region; gives the file back.</summary>
    public static byte[] Bytes(in FileRegion region)
    {
        try
        {
            return region.ReadAll();
        }
        finally
        {
            region.File.Release();
        }
    }

    private static Offset Take(byte[] bytes, Offset from, List<Moldau.Storage.Indexes.AbortedTransaction> aborted, List<DecodedRecord> records)
    {
        var next = from;
        var walk = new RecordBatchEnumerator(bytes);
        while (walk.MoveNext())
        {
            RecordBatchHeader header = walk.Current;
            next = (Offset)(header.LastOffset + 1);
            if (header.IsControl) continue;
            long first = header.BaseOffset, producer = header.ProducerId;
            if (header.IsTransactional && aborted.Exists(entry => entry.ProducerId == producer && entry.FirstOffset <= first && first <= entry.LastOffset)) continue;
            foreach (Record record in RecordReader.Open(bytes.AsMemory(walk.Position, walk.CurrentBytes.Length)))
            {
                if (record.Offset >= from) records.Add(record.ToDecoded());
            }
        }

        return next;
    }
}
