using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Raft;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>Reads a snapshot, batch by batch; every checksum is checked. One thread.</summary>
public sealed class SnapshotReader : IDisposable
{
    private readonly IFile file;
    private readonly string path;
    private readonly long length;
    private long position;

    private SnapshotReader(IFile file, string path, OffsetAndEpoch id)
    {
        (this.file, this.path, Id) = (file, path, id);
        length = file.Length;
    }

    /// <summary>End offset and epoch.</summary>
    public OffsetAndEpoch Id { get; }

    /// <summary>Timestamp of the last record of the log that it covers.</summary>
    public long LastContainedLogTimestampMs { get; private set; }

    /// <summary>The kraft.version as of its end.</summary>
    public short KRaftVersion { get; private set; }

    /// <summary>The voter set as of its end; null when no record named one.</summary>
    public VoterSet? Voters { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long SizeInBytes => length;

    /// <summary>Opens a snapshot and reads its header.</summary>
    /// <exception cref="MetadataLogCorruptException">It is none.</exception>
    internal static SnapshotReader Open(IFileSystem files, string folder, OffsetAndEpoch id)
    {
        string path = Path.Join(folder, SnapshotNames.Of(id));
        var reader = new SnapshotReader(files.Open(path, FileOpen.Read), path, id);
        try
        {
            reader.ReadHeader();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The metadata records, once, in order.</summary>
    /// <exception cref="MetadataLogCorruptException">A batch is damaged, or the footer is missing: the snapshot is not whole.</exception>
    public IEnumerable<MetadataRecord> Records()
    {
        while (true)
        {
            ReadOnlyMemory<byte> batch = Next() ?? throw Corrupt("it ends without a footer");
            if (IsFooter(batch)) break;
            foreach (MetadataRecord record in Decode(batch)) yield return record;
        }

        if (position != length) throw Corrupt($"{length - position} bytes follow the footer");
    }

    public void Dispose() => file.Dispose();

    private void ReadHeader()
    {
        ReadOnlyMemory<byte> batch = Next() ?? throw Corrupt("it is empty");
        bool hasHeader = false;
        Guard(() =>
        {
            if (!new RecordBatchHeader(batch.Span).IsControl) return;
            foreach (Record record in RecordReader.Open(batch))
            {
                switch (record.ControlType)
                {
                    case ControlRecordType.SnapshotHeader:
                        LastContainedLogTimestampMs = ControlRecords.Read<SnapshotHeaderRecord>(record).LastContainedLogTimestamp;
                        hasHeader = true;
                        break;
                    case ControlRecordType.KRaftVersion: KRaftVersion = ControlRecords.Read<KRaftVersionRecord>(record).KRaftVersion; break;
                    case ControlRecordType.KRaftVoters: Voters = VoterSets.FromRecord(ControlRecords.Read<VotersRecord>(record)); break;
                }
            }
        });
        if (!hasHeader) throw Corrupt("it does not begin with a snapshot header");
    }

    private bool IsFooter(ReadOnlyMemory<byte> batch)
    {
        bool isFooter = false;
        Guard(() =>
        {
            if (!new RecordBatchHeader(batch.Span).IsControl) return;
            foreach (Record record in RecordReader.Open(batch)) isFooter |= record.ControlType == ControlRecordType.SnapshotFooter;
        });
        return isFooter;
    }

    private IReadOnlyList<MetadataRecord> Decode(ReadOnlyMemory<byte> batch)
    {
        IReadOnlyList<MetadataRecord> records = [];
        Guard(() => records = MetadataBatches.Decode(batch).Records);
        return records;
    }

    private ReadOnlyMemory<byte>? Next()
    {
        if (position == length) return null;
        byte[] head = new byte[RecordBatchLayout.BytesToMagic];
        int headBytes = (int)Math.Min(head.Length, length - position);
        Read(head.AsSpan(0, headBytes), position);
        BatchScan found = RecordBatch.Probe(head.AsSpan(0, headBytes), length - position, out int size);
        // A batch holds at most one record beyond the bound that writers keep.
        if (found != BatchScan.Batch || size > 2 * Raft.Limits.BatchBytes) throw Corrupt("it is not whole");
        byte[] batch = new byte[size];
        Read(batch, position);
        Guard(() => RecordBatch.EnsureValid(batch));
        position += size;
        return batch;
    }

    private void Read(Span<byte> target, long from)
    {
        for (int read = 0; read < target.Length;)
        {
            int count = file.Read(from + read, target[read..]);
            if (count == 0) throw Corrupt("the file ends early");
            read += count;
        }
    }

    private void Guard(Action read)
    {
        try
        {
            read();
        }
        catch (Exception broken) when (broken is RecordFormatException or WireFormatException)
        {
            throw Corrupt(broken.Message, broken);
        }
    }

    private MetadataLogCorruptException Corrupt(string reason, Exception? inner = null) => new(path, $"not a snapshot: {reason} (at byte {position})", inner);
}
