using Moldau.Commands;
using Moldau.Protocol.Transport;

namespace Moldau;

/// <summary>The entry point of <c>moldau</c>.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        // Before the first socket, or it has no effect (design, D5).
        Environment.SetEnvironmentVariable(SocketTransport.InlineCompletionsVariable, "1");
        return MoldauCommands.RunAsync(args);
    }
}
