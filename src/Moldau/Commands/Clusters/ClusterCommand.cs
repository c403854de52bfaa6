using System.CommandLine;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster</c>.</summary>
internal static class ClusterCommand
{
    public static Command Create() => Session.AddTo(new Command("cluster", "The cluster: brokers, features, APIs, quorum, logs, producers.")
    {
        ClusterDescribeCommand.Create(),
        ClusterFeaturesCommand.Create(),
        ClusterSetFeatureCommand.Create(),
        ClusterApisCommand.Create(),
        ClusterQuorumCommand.Create(),
        ClusterLogsCommand.Create(),
        ClusterProducersCommand.Create(),
        ClusterUnregisterCommand.Create(),
    });
}
