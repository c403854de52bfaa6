using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Output;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster describe</c>.</summary>
internal static class ClusterDescribeCommand
{
    public static Command Create()
    {
        var command = new Command("describe", "Show the cluster's id and its brokers.");
        command.Aliases.Add("brokers");
        return Session.Run(command, RunAsync).WithExamples("moldau cluster describe");
    }

    private static async Task<int> RunAsync(Session session)
    {
        ClusterDescription cluster = await session.Admin.Cluster.DescribeAsync(session.Stop);
        var listing = new Listing(new("Broker", "id", true), new("Host", "host"), new("Port", "port", true), new("Rack", "rack"), new("Controller", "isController"));
        foreach (BrokerEndpoint broker in cluster.Brokers) listing.Add(broker.Id, broker.Host, broker.Port, broker.Rack, broker.Id == cluster.ControllerId);
        if (session.Json)
        {
            JsonText.Write(new JsonObject { ["clusterId"] = cluster.ClusterId, ["controllerId"] = cluster.ControllerId, ["brokers"] = listing.ToJson() });
            return ExitCode.Success;
        }

        Console.Out.WriteLine($"Cluster {cluster.ClusterId}");
        listing.WriteText();
        return ExitCode.Success;
    }
}
