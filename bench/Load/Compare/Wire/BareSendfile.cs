using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Moldau.Protocol;

namespace Moldau.Load.Compare.Wire;

/// <summary>
/// What this machine can do at most: a thread that answers fetches of one partition by sendfile from its segment, without knowing anything. The same reader
/// reads from it as from the brokers.
/// </summary>
internal sealed partial class BareSendfile : IDisposable
{
    private const int More = 0x8000, NoSignal = 0x4000, AnswerPartBytesMax = 1024 * 1024;
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SafeFileHandle segment;
    private readonly FetchFrame frame;
    private readonly BatchTemplate batch;
    private readonly Thread thread;

    private BareSendfile(string file, FetchFrame frame, BatchTemplate batch, long end)
    {
        segment = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        (this.frame, this.batch) = (frame, batch);
        End = Math.Min(end, RandomAccess.GetLength(segment) / batch.Bytes.Length * batch.Count);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        thread = new Thread(Serve) { IsBackground = true, Name = "bare sendfile" };
        thread.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)listener.LocalEndPoint!;

    /// <summary>The offset behind the last batch of the segment.</summary>
    public long End { get; }

    /// <param name="file">A segment that holds nothing but one batch, again and again, from offset 0 on.</param>
    /// <param name="frame">How it will be asked.</param>
    /// <param name="batch">That batch.</param>
    /// <param name="end">The partition's end offset.</param>
    public static BareSendfile Start(string file, FetchFrame frame, BatchTemplate batch, long end) => new(file, frame, batch, end);

    public void Dispose()
    {
        listener.Dispose();
        thread.Join();
        segment.Dispose();
    }

    private void Serve()
    {
        byte[] request = new byte[frame.Bytes.Length];
        try
        {
            while (true)
            {
                using Socket socket = listener.Accept();
                socket.NoDelay = true;
                while (Receive(socket, request)) Answer(socket, request);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Nobody will come any more.
        }
    }

    private static bool Receive(Socket socket, byte[] request)
    {
        for (int got = 0; got < request.Length;)
        {
            int count = socket.Receive(request.AsSpan(got), SocketFlags.None, out SocketError error);
            if (count == 0 || error != SocketError.Success) return false;
            got += count;
        }

        return true;
    }

    private void Answer(Socket socket, byte[] request)
    {
        long offset = BinaryPrimitives.ReadInt64BigEndian(request.AsSpan(frame.OffsetAt(0)));
        long position = offset / batch.Count * batch.Bytes.Length;
        long rest = (End / batch.Count * batch.Bytes.Length) - position;
        int length = (int)Math.Min(AnswerPartBytesMax / batch.Bytes.Length * batch.Bytes.Length, rest);
        byte[] head = Head(BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(EncodedRequest.CorrelationIdAt)), length);
        if (Send(socket.SafeHandle, head, (nuint)head.Length, More | NoSignal) != head.Length) return;
        while (length > 0)
        {
            nint sent = SendFile(socket.SafeHandle, segment, ref position, (nuint)length);
            if (sent <= 0) return;
            length -= (int)sent;
        }

        Send(socket.SafeHandle, [0, 0, 0], 3, NoSignal);
    }

    // An answer of version 18 up to its records; three empty lists of tags follow them.
    private static byte[] Head(int correlationId, int recordBytes)
    {
        using var writer = new WireWriter();
        WireWriter.FrameMark mark = writer.BeginFrame();
        writer.WriteInt32(correlationId);
        writer.WriteUnsignedVarint(0);
        writer.WriteInt32(0);
        writer.WriteInt16(0);
        writer.WriteInt32(0);
        writer.WriteUnsignedVarint(2);
        writer.WriteUuid(Uuid.Zero);
        writer.WriteUnsignedVarint(2);
        writer.WriteInt32(0);
        writer.WriteInt16(0);
        for (int i = 0; i < 3; i++) writer.WriteInt64(0);
        writer.WriteUnsignedVarint(0);
        writer.WriteInt32(-1);
        writer.WriteUnsignedVarint((uint)recordBytes + 1);
        writer.EndFrame(mark);
        byte[] head = writer.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(head, head.Length - sizeof(int) + recordBytes + 3);
        return head;
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, byte[] bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeSocketHandle socket, SafeFileHandle file, ref long position, nuint count);
}
