using Moldau.Broker;

namespace Moldau.Starting;

/// <summary>What a started node prints: where its data is and how to connect.</summary>
internal static class StartBanner
{
    public static void Write(TextWriter target, BrokerNode node, NodeOptions options, TimeSpan took)
    {
        ListenerOptions client = node.Listeners.First(listener => listener.ServesBroker);
        string address = $"{Bracket(client.AdvertisedHost)}:{(client.AdvertisedPort == 0 ? client.Port : client.AdvertisedPort)}";
        target.WriteLine($"Moldau is ready after {took.TotalMilliseconds:0} ms: node {options.NodeId} of cluster {node.ClusterId}");
        target.WriteLine($"  data     {string.Join(", ", options.LogDirs)}");
        target.WriteLine($"  clients  {address}");
        target.WriteLine();
        target.WriteLine($"  moldau   moldau produce lines --bootstrap {address}");
        target.WriteLine($"  kcat     kcat -b {address} -t lines -P");
        target.WriteLine($"  Java     bootstrap.servers={address}");
        target.WriteLine($"  .NET     new ProducerConfig {{ BootstrapServers = \"{address}\" }}");
        target.WriteLine();
        target.WriteLine("Stop it with Ctrl+C.");
        target.Flush();
    }

    private static string Bracket(string host) => host.Contains(':') ? $"[{host}]" : host;
}
