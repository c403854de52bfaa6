using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Raft;
using Moldau.Storage.Files;

namespace Moldau.Broker.Quorum.Snapshots;

/// <summary>
/// Writes a snapshot: a control batch with header, kraft.version and voters, batches of records, a control batch with the footer. It
/// stands under a <c>.part</c> name until it is whole and durable. Blocking; one thread.
/// </summary>
internal sealed class SnapshotWriter : IDisposable
{
    private readonly IFileSystem files;
    private readonly string folder;
    private readonly OffsetAndEpoch id;
    private readonly IFile file;
    private readonly RecordBatchBuilder builder;
    private readonly WireWriter writer = new();
    private readonly long nowMs;
    private long offset;
    private long position;

    /// <summary>Begins a snapshot.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="folder">The folder of the metadata log.</param>
    /// <param name="id">Its end offset and epoch.</param>
    /// <param name="lastContainedLogTimestampMs">Timestamp of the last record that it covers.</param>
    /// <param name="kraftVersion">The kraft.version as of its end; 0 is not written.</param>
    /// <param name="voters">The voter set as of its end; null when no record named one.</param>
    /// <param name="nowMs">The time, for the batches' timestamps.</param>
    public SnapshotWriter(
        IFileSystem files, string folder, OffsetAndEpoch id, long lastContainedLogTimestampMs, short kraftVersion, VoterSet? voters, long nowMs)
    {
        (this.files, this.folder, this.id, this.nowMs) = (files, folder, id, nowMs);
        file = files.Open(Path.Join(folder, SnapshotNames.PartOf(id)), FileOpen.CreateEmpty);
        builder = new RecordBatchBuilder(ControlRecords.Options(0, id.Epoch));
        ControlRecords.Append(
            builder, nowMs, ControlRecordType.SnapshotHeader, new SnapshotHeaderRecord { LastContainedLogTimestamp = lastContainedLogTimestampMs });
        if (kraftVersion > 0) ControlRecords.Append(builder, nowMs, ControlRecordType.KRaftVersion, new KRaftVersionRecord { KRaftVersion = kraftVersion });
        if (voters is not null) ControlRecords.Append(builder, nowMs, ControlRecordType.KRaftVoters, VoterSets.ToRecord(voters));
        WriteBatch();
        builder.Reset(MetadataBatches.Options(offset, id.Epoch));
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="MetadataBatchTooLargeException">It alone is larger than a batch.</exception>
    public void Append(MetadataRecord record)
    {
        byte[] value = MetadataBatches.Frame(writer, record);
        if (value.Length > Raft.Limits.BatchBytes) throw new MetadataBatchTooLargeException(1);
        if (!builder.HasRoomFor(Raft.Limits.BatchBytes, nowMs, NullableBytes.Null, value))
        {
            WriteBatch();
            builder.Reset(MetadataBatches.Options(offset, id.Epoch));
        }

        builder.Append(nowMs, NullableBytes.Null, value);
    }

    /// <summary>Writes the footer, makes the file durable and gives it its name. Returns its bytes.</summary>
    public long Complete()
    {
        if (builder.Count > 0) WriteBatch();
        builder.Reset(ControlRecords.Options(offset, id.Epoch));
        ControlRecords.Append(builder, nowMs, ControlRecordType.SnapshotFooter, new SnapshotFooterRecord());
        WriteBatch();
        file.Flush();
        file.Dispose();
        files.Rename(Path.Join(folder, SnapshotNames.PartOf(id)), Path.Join(folder, SnapshotNames.Of(id)));
        files.FlushDirectory(folder);
        return position;
    }

    public void Dispose()
    {
        file.Dispose();
        builder.Dispose();
        writer.Dispose();
    }

    private void WriteBatch()
    {
        ReadOnlySpan<byte> bytes = builder.Build().Span;
        file.Write(position, bytes);
        position += bytes.Length;
        offset += builder.Count;
    }
}
