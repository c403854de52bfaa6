using System.CommandLine;
using Moldau.Client.Clusters;
using Moldau.Output;

namespace Moldau.Commands.Topics;

/// <summary><c>moldau topic list</c>.</summary>
internal static class TopicListCommand
{
    private static readonly Option<bool> Internal = new("--internal") { Description = "Also the topics in which Kafka keeps its own state." };

    public static Command Create() => Session.Run(new Command("list", "List the topics.") { Internal }, RunAsync)
        .WithExamples("moldau topic list", "moldau topic list --json | jq -r '.[].name'");

    private static async Task<int> RunAsync(Session session)
    {
        var listing = new Listing(new("Topic", "name"), new("Partitions", "partitions", true), new("Replicas", "replicationFactor", true), new("Id", "id"));
        foreach (TopicMetadata topic in await session.Admin.Topics.ListAsync(session.Stop))
        {
            if (topic.IsInternal && !session.Parsed.GetValue(Internal)) continue;
            listing.Add(topic.Name, topic.Partitions.Count, topic.Partitions.Count == 0 ? 0 : topic.Partitions[0].Replicas.Count, topic.Id.ToString());
        }

        if (listing.Count == 0 && !session.Json) Console.Error.WriteLine("There are no topics yet. Make one with: moldau topic create NAME");
        else listing.Write(session.Json);
        return ExitCode.Success;
    }
}
