using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Moldau.Protocol.Transport;

/// <summary>One call for many pieces (writev), awaited without allocation.</summary>
internal sealed class GatheringSend() : SocketAsyncEventArgs(true), IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> source;

    public ValueTask<int> SendAsync(Socket socket, IList<ArraySegment<byte>> pieces)
    {
        source.Reset();
        BufferList = pieces;
        if (!socket.SendAsync(this)) Complete();
        return new ValueTask<int>(this, source.Version);
    }

    public int GetResult(short token) => source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

    private void Complete()
    {
        if (SocketError == SocketError.Success) source.SetResult(BytesTransferred);
        else source.SetException(new SocketException((int)SocketError));
    }
}
