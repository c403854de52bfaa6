using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Moldau.Protocol.Transport;

/// <summary>
/// Sends segments in order with as few calls as they need: small pieces and small file regions side by side from one staging buffer, large pieces
/// gathered from where they lie, large file regions by sendfile. One send at a time.
/// </summary>
internal sealed class SocketSend(Socket socket, BufferPool buffers) : IDisposable
{
    private readonly List<ArraySegment<byte>> pieces = [];
    private GatheringSend? gathering;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(IReadOnlyList<WireSegment> segments, CancellationToken cancellation)
    {
        int next = 0;
        while (next < segments.Count)
        {
            if (segments[next].Region is { Length: >= TransportLimits.SendFileMinBytes } region)
            {
                await SendRegionAsync(region, cancellation);
                next++;
            }
            else
            {
                next = await SendPiecesAsync(segments, next, cancellation);
            }
        }
    }

    public void Dispose() => gathering?.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendPiecesAsync(IReadOnlyList<WireSegment> segments, int from, CancellationToken cancellation)
    {
        bool alone = from + 1 == segments.Count || segments[from + 1].Region is { Length: >= TransportLimits.SendFileMinBytes };
        if (alone && segments[from].Region is null)
        {
            await SendMemoryAsync(segments[from].Memory, cancellation);
            return from + 1;
        }

        using PooledBuffer staging = buffers.Rent(TransportLimits.StagingBytes);
        int next = Gather(segments, from, staging);
        await SendGatheredAsync(cancellation);
        return next;
    }

    // Fills `pieces` from the segments on, and stops before a region for sendfile or when there is no more room.
    private int Gather(IReadOnlyList<WireSegment> segments, int from, PooledBuffer staging)
    {
        pieces.Clear();
        int staged = 0, stagedFrom = 0, next = from;
        for (; next < segments.Count && pieces.Count < TransportLimits.GatheredPieces; next++)
        {
            WireSegment segment = segments[next];
            if (segment.Length == 0) continue;
            if (segment.Region is { Length: >= TransportLimits.SendFileMinBytes }) break;
            if (segment.Region is null && segment.Length > TransportLimits.StagedPieceMaxBytes)
            {
                AddStaged(staging, stagedFrom, staged);
                stagedFrom = staged;
                pieces.Add(ArrayOf(segment.Memory));
                continue;
            }

            if (staged + segment.Length > TransportLimits.StagingBytes) break;
            Span<byte> target = staging.Span.Slice(staged, segment.Length);
            if (segment.Region is { } region) ReadFully(region, target);
            else segment.Memory.Span.CopyTo(target);
            staged += segment.Length;
        }

        AddStaged(staging, stagedFrom, staged);
        return next;
    }

    private void AddStaged(PooledBuffer staging, int from, int to)
    {
        if (to > from) pieces.Add(new ArraySegment<byte>(staging.Array, from, to - from));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendGatheredAsync(CancellationToken cancellation)
    {
        if (pieces.Count == 1)
        {
            await SendMemoryAsync(pieces[0], cancellation);
            return;
        }

        while (pieces.Count > 0)
        {
            int sent = await (gathering ??= new GatheringSend()).SendAsync(socket, pieces);
            DropSent(sent);
        }
    }

    private void DropSent(int sent)
    {
        int whole = 0;
        while (whole < pieces.Count && sent >= pieces[whole].Count) sent -= pieces[whole++].Count;
        pieces.RemoveRange(0, whole);
        if (sent > 0) pieces[0] = pieces[0][sent..];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendMemoryAsync(ReadOnlyMemory<byte> memory, CancellationToken cancellation)
    {
        while (memory.Length > 0) memory = memory[await socket.SendAsync(memory, SocketFlags.None, cancellation)..];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendRegionAsync(FileRegion region, CancellationToken cancellation)
    {
        while (region.Length > 0)
        {
            int sent = SendFile.TrySend(socket, region);
            if (sent == 0) sent = await SendCopyAsync(region, cancellation);
            region = new FileRegion(region.File, region.Position + sent, region.Length - sent);
        }
    }

    // Either there is no sendfile for this file, or the socket is full: an ordinary send waits until there is room again.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> SendCopyAsync(FileRegion region, CancellationToken cancellation)
    {
        int most = SendFile.Serves(region) ? TransportLimits.SendFileRetryBytes : TransportLimits.CopiedRegionBytes;
        int count = Math.Min(region.Length, most);
        using PooledBuffer copy = buffers.Rent(count);
        ReadFully(new FileRegion(region.File, region.Position, count), copy.Span[..count]);
        await SendMemoryAsync(copy.Memory[..count], cancellation);
        return count;
    }

    private static void ReadFully(FileRegion region, Span<byte> target)
    {
        int read = 0;
        while (read < target.Length)
        {
            int count = region.File.Read(region.Position + read, target[read..]);
            if (count == 0) throw new EndOfStreamException($"file ends {target.Length - read} bytes before the end of the region");
            read += count;
        }
    }

    private static ArraySegment<byte> ArrayOf(ReadOnlyMemory<byte> memory)
    {
        Invariant.That(MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> array));
        return array;
    }
}
