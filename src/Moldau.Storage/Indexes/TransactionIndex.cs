using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>A transaction that was aborted.</summary>
/// <param name="ProducerId">Who wrote it.</param>
/// <param name="FirstOffset">Its first record in the partition.</param>
/// <param name="LastOffset">Its abort marker.</param>
/// <param name="LastStableOffset">The partition's last stable offset once the marker was written.</param>
public readonly record struct AbortedTransaction(ProducerId ProducerId, long FirstOffset, long LastOffset, long LastStableOffset);

/// <summary>
/// A segment's <c>.txnindex</c>: the aborted transactions whose marker stands in the segment, by marker. Made with the first; written at
/// once, since aborts are rare, and flushed with the segment.
/// </summary>
internal sealed class TransactionIndex(IFileSystem files, string path)
{
    public const int EntryBytes = 34;

    private string path = path;
    private volatile AbortedTransaction[]? entries;
    private bool zerosBehind;

    /// <summary>Where the file is.</summary>
    public string Path => path;

    /// <summary>Whether something was written since the last flush.</summary>
    public bool Dirty { get; private set; }

    /// <summary>The entries, read from the file once.</summary>
    /// <exception cref="IndexException">The file is not such an index.</exception>
    public AbortedTransaction[] Entries => entries ??= Load();

    /// <summary>Adds an entry, in the file too.</summary>
    public void Append(in AbortedTransaction aborted)
    {
        AbortedTransaction[] before = Entries;
        Invariant.That(before.Length == 0 || before[^1].LastOffset < aborted.LastOffset);
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(entry, 0);
        BinaryPrimitives.WriteInt64BigEndian(entry[2..], aborted.ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(entry[10..], aborted.FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[18..], aborted.LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], aborted.LastStableOffset);
        using (IFile file = files.Open(path, FileOpen.OpenOrCreate)) file.Write((long)before.Length * EntryBytes, entry);
        entries = [.. before, aborted];
        Dirty = true;
    }

    /// <summary>Drops entries whose marker is at or behind an offset.</summary>
    public void TruncateTo(long offset)
    {
        AbortedTransaction[] before = Entries;
        int keep = before.Length;
        while (keep > 0 && before[keep - 1].LastOffset >= offset) keep--;
        if (keep == before.Length && !zerosBehind) return;
        zerosBehind = false;
        using (IFile file = files.Open(path, FileOpen.ReadWrite)) file.SetLength((long)keep * EntryBytes);
        entries = before[..keep];
        Dirty = true;
    }

    /// <summary>Empties the index, whatever its file holds.</summary>
    public void Reset()
    {
        if (files.FileExists(path))
        {
            using IFile file = files.Open(path, FileOpen.ReadWrite);
            file.SetLength(0);
            Dirty = true;
        }

        entries = [];
    }

    /// <summary>Makes the file durable, if there is one to write. Blocking. Returns whether it did.</summary>
    public bool Flush()
    {
        if (!Dirty) return false;
        Dirty = false;
        return files.FlushIfPresent(path);
    }

    /// <summary>The folder was renamed: the file is there now.</summary>
    public void Relocate(string to) => path = to;

    /// <summary>Renames the file if there is one.</summary>
    public void Rename(string to)
    {
        if (files.FileExists(path)) files.Rename(path, to);
        path = to;
    }

    private AbortedTransaction[] Load()
    {
        if (!files.FileExists(path)) return [];
        using IFile file = files.Open(path, FileOpen.Read);
        byte[] bytes = AtomicFile.ReadAll(file, path, Limits.AbortedTransactionsMax * EntryBytes);
        var loaded = new AbortedTransaction[bytes.Length / EntryBytes];
        long last = -1;
        for (int i = 0; i < loaded.Length; i++)
        {
            ReadOnlySpan<byte> entry = bytes.AsSpan(i * EntryBytes, EntryBytes);
            loaded[i] = new AbortedTransaction(
                (ProducerId)BinaryPrimitives.ReadInt64BigEndian(entry[2..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[18..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[26..]));
            if (BinaryPrimitives.ReadInt16BigEndian(entry) == 0 && loaded[i].LastOffset > last && loaded[i].FirstOffset < loaded[i].LastOffset)
            {
                last = loaded[i].LastOffset;
                continue;
            }

            // A power cut may have kept the file's length and lost what was written there.
            if (bytes.AsSpan(i * EntryBytes).ContainsAnyExcept((byte)0)) throw new IndexException(path, $"entry {i} is not an aborted transaction");
            zerosBehind = true;
            return loaded[..i];
        }

        return loaded;
    }
}
