using System.Net;
using System.Net.Sockets;

namespace Moldau.Processes;

/// <summary>
/// Loopback ports that nobody listens on, below those that the system gives to outgoing connections: while a node is dead, a client that
/// tries again and again could be given the node's own port, take it from the node, or even connect to itself.
/// </summary>
public static class FreePorts
{
    private const int First = 12_000;
    private const int End = 32_000;
    private static readonly Random Random = new();

    /// <summary>A port that is free together with the one above it, where a node's controller listens.</summary>
    /// <exception cref="InvalidOperationException">No pair was found.</exception>
    public static int NextPair()
    {
        const int Tries = 1000;
        for (int i = 0; i < Tries; i++)
        {
            int port;
            lock (Random) port = Random.Next(First, End);
            if (IsFree(port) && IsFree(port + 1)) return port;
        }

        throw new InvalidOperationException($"no two neighbouring loopback ports are free ({Tries} tries)");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
