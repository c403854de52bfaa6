using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic moves</c>.</summary>
internal static class TopicMovesCommand
{
    public static Command Create() => Session.Run(new Command("moves", "Show the partitions that are being moved between brokers."), RunAsync).WithExamples("moldau topic moves");

    private static async Task<int> RunAsync(Session session)
    {
        var listing = new Listing(new("Topic", "topic"), new("Partition", "partition", true), new("Replicas", "replicas"), new("Adding", "adding"), new("Removing", "removing"));
        foreach (PartitionReassignment move in await session.Admin.Replicas.ListReassignmentsAsync(session.Stop))
        {
            listing.Add(move.Partition.Topic, move.Partition.Partition, string.Join(',', move.Replicas), string.Join(',', move.Adding), string.Join(',', move.Removing));
        }

        if (listing.Count == 0 && !session.Json) Console.Error.WriteLine("No partition is being moved.");
        else listing.Write(session.Json);
        return ExitCode.Success;
    }
}
