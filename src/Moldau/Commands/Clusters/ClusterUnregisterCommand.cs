using System.CommandLine;
using Moldau.Protocol;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster unregister</c>.</summary>
internal static class ClusterUnregisterCommand
{
    private static readonly Argument<int> Node = new("ID") { Description = "Its node id." };
    private static readonly Option<bool> Controller = new("--controller") { Description = "It is a controller, not a broker." };

    public static Command Create() => Session.Run(new Command("unregister", "Take a node that will not come back out of the cluster.") { Node, Controller }, RunAsync)
        .WithExamples("moldau cluster unregister 3");

    private static async Task<int> RunAsync(Session session)
    {
        int id = session.Parsed.GetValue(Node);
        bool isController = session.Parsed.GetValue(Controller);
        if (isController) await session.Admin.Cluster.UnregisterControllerAsync(id, session.Stop);
        else await session.Admin.Cluster.UnregisterBrokerAsync(id, session.Stop);
        var outcomes = new Outcomes(session.Json, "unregistered");
        outcomes.Add($"{(isController ? "controller" : "broker")} {id}", ErrorCode.None, null);
        return outcomes.End();
    }
}
