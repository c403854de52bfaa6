using System.Collections.Immutable;
using Moldau.Metadata.Configuration;
using Moldau.Metadata.Configuration.Rules;

namespace Moldau.Broker.Configuration;

/// <summary>What must fit together for a node to start: its number, its roles, its quorum, its listeners, and the values that are checked whenever they change.</summary>
internal static class StartChecks
{
    /// <summary>Checks everything.</summary>
    /// <param name="values">The configuration.</param>
    /// <param name="warnings">Where it is told what does nothing.</param>
    /// <exception cref="ConfigException">The first thing that does not fit.</exception>
    public static void Run(ConfigValues values, ICollection<string> warnings)
    {
        CheckIdentity(values);
        NodeRoles roles = NodeRoles.Of(values);
        QuorumChecks.Run(values, roles);
        ListenerChecks.Run(values, roles, warnings);
        CheckWhatIsNotThere(values);
        if (CrossChecks.Objection(new ConfigLayers(values.Given)) is { } objection) throw objection;
    }

    private static void CheckIdentity(ConfigValues values)
    {
        if (!values.Has(NodeKeys.NodeId)) throw ConfigException.Missing(NodeKeys.NodeId.Name, "every node of a cluster needs a number of its own");
        int nodeId = values.Get(NodeKeys.NodeId);
        if (values.Has(NodeKeys.BrokerId) && values.Get(NodeKeys.BrokerId) != nodeId)
        {
            throw new ConfigException(NodeKeys.BrokerId.Name, values.Text(NodeKeys.BrokerId), $"it must be the same as node.id, which is {nodeId}");
        }

        if ((values.Get(LogKeys.LogDirs) ?? values.Get(LogKeys.LogDir)) is not { Count: > 0 })
        {
            throw new ConfigException(LogKeys.LogDirs.Name, values.Text(LogKeys.LogDirs), "at least one directory is needed");
        }
    }

    // To leave access control out without a word would open a cluster that its owner takes for closed.
    private static void CheckWhatIsNotThere(ConfigValues values)
    {
        if (values.Get(SaslKeys.AuthorizerClassName) is { Length: > 0 } authorizer)
        {
            throw new ConfigException(
                SaslKeys.AuthorizerClassName.Name, authorizer, "access control is not there yet, everybody may do everything; remove the key to start the node all the same");
        }

        if (values.Get(RemoteStorageKeys.RemoteLogStorageSystemEnable))
        {
            throw new ConfigException(RemoteStorageKeys.RemoteLogStorageSystemEnable.Name, "true", "tiered storage is not there");
        }
    }
}

/// <summary>What a process is.</summary>
/// <param name="IsBroker">It holds partitions and serves clients.</param>
/// <param name="IsController">It takes part in the metadata quorum.</param>
internal readonly record struct NodeRoles(bool IsBroker, bool IsController)
{
    /// <summary>Whether it is one of them alone.</summary>
    public bool IsBrokerAlone => IsBroker && !IsController;

    /// <summary>Whether it is one of them alone.</summary>
    public bool IsControllerAlone => IsController && !IsBroker;

    /// <summary>The roles of a configuration.</summary>
    /// <exception cref="ConfigException">It names none.</exception>
    public static NodeRoles Of(ConfigValues values)
    {
        ImmutableArray<string> roles = [.. values.Get(NodeKeys.ProcessRoles) ?? []];
        if (roles.IsEmpty) throw ConfigException.Missing(NodeKeys.ProcessRoles.Name, "it says what the process is: broker, controller, or both");
        return new NodeRoles(roles.Contains("broker"), roles.Contains("controller"));
    }
}
