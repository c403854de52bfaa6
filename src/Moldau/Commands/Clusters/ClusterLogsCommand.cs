using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster logs</c>.</summary>
internal static class ClusterLogsCommand
{
    private static readonly Option<int?> Broker = new("--broker") { Description = "Which broker; all otherwise.", HelpName = "ID" };

    public static Command Create() => Session.Run(new Command("logs", "Show the log directories and how large each partition is in them.") { Broker }, RunAsync).WithExamples("moldau cluster logs");

    private static async Task<int> RunAsync(Session session)
    {
        IEnumerable<int> brokers = session.Parsed.GetValue(Broker) is { } one ? [one] : (await session.Admin.Cluster.DescribeAsync(session.Stop)).Brokers.Select(static (BrokerEndpoint broker) => broker.Id);
        int code = ExitCode.Success;
        var listing = new Listing(new("Broker", "broker", true), new("Directory", "directory"), new("Topic", "topic"), new("Partition", "partition", true), new("Bytes", "bytes", true), new("Lag", "lag", true));
        foreach (int broker in brokers)
        {
            foreach (LogDirDescription directory in await session.Admin.Cluster.DescribeLogDirsAsync(broker, session.Stop))
            {
                if (directory.Error != ErrorCode.None)
                {
                    Terminal.Error($"broker {broker}, {directory.Path}: {directory.Error.KafkaName()}");
                    code = ExitCode.Failure;
                }

                foreach (LogDirReplica replica in directory.Replicas.OrderBy(static each => each.Partition.Topic, StringComparer.Ordinal).ThenBy(static each => each.Partition.Partition))
                {
                    listing.Add(broker, directory.Path, replica.Partition.Topic, replica.Partition.Partition, replica.Bytes, replica.OffsetLag);
                }
            }
        }

        listing.Write(session.Json);
        return code;
    }
}
