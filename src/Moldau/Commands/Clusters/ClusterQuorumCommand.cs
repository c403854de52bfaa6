using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster quorum</c>.</summary>
internal static class ClusterQuorumCommand
{
    public static Command Create() => Session.Run(new Command("quorum", "Show who leads the metadata quorum and how far the others are."), RunAsync).WithExamples("moldau cluster quorum");

    private static async Task<int> RunAsync(Session session)
    {
        QuorumDescription quorum = await session.Admin.Quorum.DescribeAsync(session.Stop);
        var listing = new Listing(new("Node", "node", true), new("Role", "role"), new("Directory", "directoryId"), new("Listens", "endpoints"), new("End", "logEndOffset", true), new("Lag", "lag", true));
        long end = quorum.Voters.Where(voter => voter.Id == quorum.LeaderId).Select(static voter => voter.LogEndOffset).FirstOrDefault(quorum.HighWatermark);
        foreach (QuorumReplica voter in quorum.Voters) Add(voter, voter.Id == quorum.LeaderId ? "leader" : "follower");
        foreach (QuorumReplica observer in quorum.Observers) Add(observer, "observer");
        if (session.Json)
        {
            JsonText.Write(new JsonObject { ["leader"] = quorum.LeaderId, ["epoch"] = quorum.LeaderEpoch, ["highWatermark"] = quorum.HighWatermark, ["nodes"] = listing.ToJson() });
            return ExitCode.Success;
        }

        Console.Out.WriteLine($"Leader {quorum.LeaderId}  epoch {quorum.LeaderEpoch}  high watermark {quorum.HighWatermark}");
        listing.WriteText();
        return ExitCode.Success;

        void Add(QuorumReplica replica, string role) =>
            listing.Add(replica.Id, role, replica.DirectoryId.ToString(), string.Join(',', replica.Endpoints), replica.LogEndOffset, end - replica.LogEndOffset);
    }
}
