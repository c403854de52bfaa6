namespace Moldau.Protocol.Compression;

/// <summary>Hands pinned memory to a stream reader in chunks and remembers where the last one began and whether the reader wanted more than there is.</summary>
internal sealed unsafe class PointerStream(byte* source, int length) : Stream
{
    /// <summary>Bytes that one read gives at most.</summary>
    public const int ChunkBytes = 8192;

    private int position;

    /// <summary>Where the last chunk that had bytes began.</summary>
    public int LastRead { get; private set; }

    /// <summary>Whether a read found nothing left.</summary>
    public bool ReadPastEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = Math.Min(Math.Min(buffer.Length, ChunkBytes), length - position);
        if (count == 0)
        {
            ReadPastEnd |= !buffer.IsEmpty;
            return 0;
        }

        new ReadOnlySpan<byte>(source + position, count).CopyTo(buffer);
        LastRead = position;
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
