using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster producers</c>.</summary>
internal static class ClusterProducersCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "The topic." };
    private static readonly Option<int> Partition = new("--partition", "-p") { Description = "The partition.", HelpName = "N" };

    public static Command Create() => Session.Run(new Command("producers", "Show the producers that a partition remembers.") { Topic, Partition }, RunAsync)
        .WithExamples("moldau cluster producers lines --partition 0");

    private static async Task<int> RunAsync(Session session)
    {
        var partition = new TopicPartition(session.Parsed.GetValue(Topic)!, session.Parsed.GetValue(Partition));
        var listing = new Listing(
            new("Producer", "producerId", true), new("Epoch", "epoch", true), new("Last sequence", "lastSequence", true), new("Last timestamp", "lastTimestamp", true), new("Transaction from", "transactionStart", true));
        foreach (ActiveProducer producer in await session.Admin.Partitions.DescribeProducersAsync(partition, session.Stop))
        {
            listing.Add(producer.ProducerId, producer.Epoch, producer.LastSequence, producer.LastTimestampMs, producer.TransactionStart >= 0 ? producer.TransactionStart : null);
        }

        listing.Write(session.Json);
        return ExitCode.Success;
    }
}
