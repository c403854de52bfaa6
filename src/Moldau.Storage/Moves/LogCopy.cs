using System.Buffers;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage;

/// <summary>
/// The copy that a move makes of a log: batch by batch from its first segment on, with what was known of producers there, so that transactions that began below are still
/// recognised in it. It starts anew when the log was cut at its end or has lost segments that were not copied yet. Owned by the move.
/// </summary>
internal sealed class LogCopy
{
    private readonly PartitionLog log;
    private readonly LogDirectory target;
    private readonly string folder;
    private int truncations = -1;
    private long bytesUnflushed;

    public LogCopy(PartitionLog log, LogDirectory target, string folder)
    {
        this.log = log;
        this.target = target;
        this.folder = folder;
        State = new LogState(target, log.Partition, log.TopicId, folder, log.Config);
    }

    /// <summary>The copy; without segments until the first step.</summary>
    public LogState State { get; }

    /// <summary>Bytes of the copy.</summary>
    public long SizeInBytes
    {
        get
        {
            long bytes = 0;
            foreach (LogSegment segment in State.Segments) bytes += segment.Size;
            return bytes;
        }
    }

    /// <summary>Whether it is durable and marked as all that the log held.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Whether it has all that the log has.</summary>
    public bool IsCaughtUp => truncations == log.State.Truncations && State.End.Offset == log.State.End.Offset;

    /// <summary>Copies a piece. Returns its bytes. Blocking.</summary>
    /// <exception cref="SourceFailedException">The log cannot be read.</exception>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    public int Continue(int bytesMax)
    {
        LogState source = log.State;
        if (State.Segments.Length == 0) Begin(source);
        if (truncations != source.Truncations || source.Segments[0].BaseOffset > State.End.Offset) StartOver(source);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytesMax);
        try
        {
            int bytes = Read(source, ref buffer, bytesMax);
            if (bytes > 0) bytes = Append(buffer.AsMemory(0, bytes));
            bytesUnflushed += bytes;
            if (bytesUnflushed >= Limits.MoveFlushBytes) Flush();
            return bytes;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes what is copied durable. Blocking.</summary>
    public void Flush()
    {
        LogFlush.Run(State, FlushScope.All);
        bytesUnflushed = 0;
    }

    /// <summary>Closes its files.</summary>
    public void Close()
    {
        lock (State.Gate)
        {
            State.Closed = true;
            foreach (LogSegment segment in State.Segments) segment.Log.Retire();
        }
    }

    /// <summary>Closes its files and keeps it for the next start, with what the checkpoint files say of it.</summary>
    public void Await()
    {
        Close();
        lock (target.CheckpointGate) target.Awaiting.Add(State);
    }

    /// <summary>Removes it, after a delay as any deleted log.</summary>
    public void Discard(string name)
    {
        Close();
        if (State.Segments.Length == 0 || target.IsOffline) return;
        try
        {
            string deleted = Path.Join(target.Path, name);
            target.Files.Rename(State.Folder, deleted);
            target.Files.FlushDirectory(target.Path);
            target.DeleteLater(deleted, State.Config.FileDeleteDelayMs, isFolder: true);
        }
        catch (IOException broken)
        {
            target.Fail(broken);
        }
    }

    private void Begin(LogState source)
    {
        target.Files.CreateDirectory(folder);
        PartitionMetadataFile.Write(target.Files, folder, source.TopicId);
        State.NamesUnflushed = State.TopicIdUnflushed = State.Touched = true;
        target.NamesChanged();
        LogSegment first = LogRoll.Begin(State, source.Segments[0].BaseOffset, target.NowMs);
        State.Segments = [first];
        StartAt(source, first.BaseOffset);
    }

    private void StartOver(LogState source)
    {
        lock (State.Gate) LogTruncation.TruncateFully(State, source.Segments[0].BaseOffset, target.NowMs);
        StartAt(source, State.Segments[0].BaseOffset);
    }

    private void StartAt(LogState source, long offset)
    {
        truncations = source.Truncations;
        // What is cleaned while it is copied may be in the copy as it was before.
        State.CleanedTo = source.CleanedTo;
        State.LogStartOffset = offset;
        State.End = new LogMark(offset, offset, 0);
        State.Producers.Clear(offset);
        string snapshot = Path.Join(source.Folder, SegmentNames.File(offset, SegmentNames.Snapshot));
        foreach (ProducerState producer in FromSource(() => ProducerSnapshotFile.Read(source.Files, snapshot)) ?? []) State.Producers.Load(producer);
    }

    // Bytes of whole batches, or the beginning of one that is larger than what is asked for: then it is read whole.
    private int Read(LogState source, ref byte[] buffer, int bytesMax)
    {
        LogMark end = source.End;
        LogSegment[] segments = source.Segments;
        for (int i = LogState.Floor(segments, State.End.Offset); i < segments.Length && State.End.Offset < end.Offset; i++)
        {
            LogSegment segment = segments[i];
            FromSource(() => IndexRebuild.Ensure(source, segment));
            int limit = segment.BaseOffset == end.SegmentBase ? end.Position : segment.Size;
            BatchPlace place = default;
            if (limit == 0 || !FromSource(() => segment.Find(State.End.Offset, out place))) continue;
            int bytes = Math.Min(limit - place.Position, Math.Max(bytesMax, place.Size));
            if (bytes <= 0) continue;
            if (bytes > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(bytes);
            }

            byte[] into = buffer;
            return FromSource(() => Fill(segment, place.Position, into.AsSpan(0, bytes)));
        }

        return 0;
    }

    private static int Fill(LogSegment segment, int position, Span<byte> into)
    {
        OpenFile file = segment.Log.Acquire();
        try
        {
            int read = 0;
            while (read < into.Length)
            {
                int count = file.Read(position + read, into[read..]);
                if (count == 0) break;
                read += count;
            }

            return read;
        }
        finally
        {
            file.Release();
        }
    }

    private int Append(ReadOnlyMemory<byte> records)
    {
        ReplicatedRecords found = ReplicatedRecords.Scan(records.Span);
        if (found.BatchCount == 0) throw new RecordFormatException(RecordFormatError.Batch, $"no whole batch at offset {State.End.Offset}");
        AppendResult result = FollowerAppend.Append(State, records[..found.ValidBytes], found, out _);
        return result.Error == ErrorCode.None ? found.ValidBytes : throw new LogUnavailableException(log.Partition);
    }

    // Which of the two directories failed decides which goes offline. A file that is gone is retention's work.
    private static T FromSource<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException broken) when (broken is not (FileNotFoundException or RecordFormatException or IndexException))
        {
            throw new SourceFailedException(broken);
        }
    }

    private static void FromSource(Action read) => FromSource(() =>
    {
        read();
        return true;
    });
}

/// <summary>The log that is moved cannot be read or renamed where it is.</summary>
internal sealed class SourceFailedException(IOException cause) : IOException(cause.Message, cause);
