using System.CommandLine;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Starting;

namespace Moldau.Commands;

/// <summary>A command's connection to a cluster, with the options that all such commands have.</summary>
internal sealed class Session : IAsyncDisposable
{
    /// <summary>The address used when none is named.</summary>
    private const string DefaultBootstrap = "127.0.0.1:9092";

    /// <summary>Names the address for a whole shell.</summary>
    private const string BootstrapVariable = "MOLDAU_BOOTSTRAP";

    private static readonly Option<string> Bootstrap = new("--bootstrap", "-b")
    {
        Description = $"Brokers to ask first; also from {BootstrapVariable}.",
        HelpName = "HOST:PORT,...",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(BootstrapVariable) is { Length: > 0 } given ? given : DefaultBootstrap,
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Write JSON, for programs.", Recursive = true };

    private static readonly Option<double> Patience = new("--timeout") { Description = "Seconds until an answer is given up.", HelpName = "SECONDS", Recursive = true, DefaultValueFactory = static _ => 15 };

    private readonly StopSignals signals = new();

    private Session(ParseResult parsed, ClientOptions options)
    {
#pragma warning disable RS0030 // The composition root chooses the clock.
        Time = TimeProvider.System;
#pragma warning restore RS0030
        Parsed = parsed;
        Client = KafkaClient.Create(options, Time);
    }

    /// <summary>The command line.</summary>
    public ParseResult Parsed { get; }

    /// <summary>The connection.</summary>
    public KafkaClient Client { get; }

    /// <summary>Administration of the cluster.</summary>
    public AdminClient Admin => Client.Admin;

    /// <summary>Whether JSON is wanted.</summary>
    public bool Json => Parsed.GetValue(AsJson);

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => signals.Asked;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Adds the options to a command and those under it.</summary>
    public static T AddTo<T>(T command)
        where T : Command
    {
        command.Add(Bootstrap);
        command.Add(AsJson);
        command.Add(Patience);
        return command;
    }

    /// <summary>Gives a command an action that needs a cluster.</summary>
    public static T Run<T>(T command, Func<Session, Task<int>> action)
        where T : Command
    {
        command.SetAction(async (parsed, _) =>
        {
            await using Session session = Open(parsed);
            // Nobody there is said at once: waiting would not help a person.
            await session.Client.ConnectAsync(session.Stop);
            return await action(session);
        });
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        signals.Dispose();
    }

    private static Session Open(ParseResult parsed)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(Patience));
        if (timeout <= TimeSpan.Zero) throw new UsageException("--timeout: more than 0 seconds are needed");
        try
        {
            ClientOptions options = ClientOptions.For(parsed.GetValue(Bootstrap)!) with { ClientId = "moldau-cli", OperationTimeout = timeout };
            return new Session(parsed, options with { ConnectTimeout = timeout < options.ConnectTimeout ? timeout : options.ConnectTimeout });
        }
        catch (FormatException e)
        {
            throw new UsageException($"--bootstrap: {e.Message}");
        }
    }
}
