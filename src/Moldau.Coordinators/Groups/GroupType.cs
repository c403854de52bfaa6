namespace Moldau.Coordinators.Groups;

/// <summary>The protocols by which a group may run.</summary>
internal enum GroupType
{
    Classic,

    /// <summary>KIP-848.</summary>
    Consumer,

    /// <summary>KIP-932.</summary>
    Share,

    /// <summary>KIP-1071.</summary>
    Streams,
}

internal static class GroupTypeNames
{
    /// <summary>The name on the wire.</summary>
    public static string Name(this GroupType type) => type switch
    {
        GroupType.Consumer => "consumer",
        GroupType.Share => "share",
        GroupType.Streams => "streams",
        _ => "classic",
    };
}
