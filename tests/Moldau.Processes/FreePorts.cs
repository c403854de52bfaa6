using System.Net;
using System.Net.Sockets;

namespace Moldau.Processes;

/// <summary>Loopback ports that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>A port that is free together with the one above it, where a node's controller listens.</summary>
    /// <exception cref="InvalidOperationException">No pair was found.</exception>
    public static int NextPair()
    {
        const int Tries = 100;
        for (int i = 0; i < Tries; i++)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            int port = ((IPEndPoint)first.LocalEndpoint).Port;
            if (port < IPEndPoint.MaxPort && IsFree(port + 1)) return port;
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
