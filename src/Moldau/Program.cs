using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Protocol.Transport;
using Moldau.Storage.Files;

Environment.SetEnvironmentVariable(SocketTransport.InlineCompletionsVariable, "1");
var given = new Dictionary<string, string>
{
    ["node.id"] = "1",
    ["log.dirs"] = Path.GetFullPath("moldau-data"),
    ["listeners"] = "PLAINTEXT://127.0.0.1:9092",
    ["offsets.topic.replication.factor"] = "1",
};
foreach (string arg in args)
{
    if (arg.Split('=', 2) is [var key, var value]) given[key] = value;
}

using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true));
BrokerNode? node = null;
#pragma warning disable RS0030 // The composition root chooses the clock.
var scheduler = new ThreadPoolScheduler(TimeProvider.System, (name, failure) => Console.Error.WriteLine($"{name}: {failure}"));
#pragma warning restore RS0030
node = new BrokerNode(NodeOptions.Parse(given), new SocketTransport(), new PhysicalFileSystem(), scheduler, loggers);
await node.StartAsync();
Console.WriteLine($"started {node.ClusterId}");
using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; _ = node.StopAsync(); });
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => { context.Cancel = true; _ = node.StopAsync(); });
return (int)await node.Completion;
