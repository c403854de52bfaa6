using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Load.Compare.Wire;

/// <summary>
/// What this machine can take at most: a thread for each connection that appends what it receives to one file, flushes it where asked to, and says that all
/// of it is acknowledged. It looks at nothing. The same replayer sends to it as to the brokers.
/// </summary>
internal sealed class BareIngest : IDisposable
{
    private const int BufferBytes = 2 * 1024 * 1024;

    /// <summary>An answer of version 13 for one partition, size included: behind the correlation id nothing but zeros matters, and lists of one.</summary>
    private const int AnswerBytes = 64;

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SafeFileHandle file;
    private readonly bool isSynced;
    private long end;

    public BareIngest(string folder, bool isSynced)
    {
        this.isSynced = isSynced;
        file = File.OpenHandle(Path.Combine(folder, "bare"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        new Thread(Accept) { IsBackground = true, Name = "bare ingest" }.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)listener.LocalEndPoint!;

    /// <summary>The connections must be closed before.</summary>
    public void Dispose()
    {
        listener.Dispose();
        file.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true, Name = "bare ingest" }.Start();
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // Nobody will come any more.
        }
    }

    private void Serve(Socket socket)
    {
        byte[] buffer = new byte[BufferBytes], answers = new byte[Limits.OpenLoopDepth * AnswerBytes];
        using (socket)
        {
            socket.NoDelay = true;
            int filled = 0;
            while (true)
            {
                int count = socket.Receive(buffer.AsSpan(filled), SocketFlags.None, out SocketError error);
                if (count == 0 || error != SocketError.Success) return;
                filled += count;
                int whole = Collect(buffer.AsSpan(0, filled), answers, out int answered);
                if (whole == 0) continue;
                RandomAccess.Write(file, buffer.AsSpan(0, whole), Interlocked.Add(ref end, whole) - whole);
                if (isSynced) RandomAccess.FlushToDisk(file);
                socket.Send(answers.AsSpan(0, answered * AnswerBytes), SocketFlags.None, out _);
                buffer.AsSpan(whole, filled - whole).CopyTo(buffer);
                filled -= whole;
            }
        }
    }

    /// <summary>Finds the whole requests in front and writes an answer for each.</summary>
    private static int Collect(ReadOnlySpan<byte> received, byte[] answers, out int answered)
    {
        int at = 0;
        answered = 0;
        while (received.Length - at > EncodedRequest.CorrelationIdAt + sizeof(int) && (answered + 1) * AnswerBytes <= answers.Length)
        {
            int length = sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(received[at..]);
            if (received.Length - at < length) break;
            Span<byte> answer = answers.AsSpan(answered * AnswerBytes, AnswerBytes);
            BinaryPrimitives.WriteInt32BigEndian(answer, AnswerBytes - sizeof(int));
            received.Slice(at + EncodedRequest.CorrelationIdAt, sizeof(int)).CopyTo(answer[sizeof(int)..]);
            answered++;
            at += length;
        }

        return at;
    }
}
