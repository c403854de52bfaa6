namespace Moldau.Broker.Handlers;

/// <summary>The operations a client may do, as a bit for each operation's code (KIP-430). Without an authorizer everybody may do everything.</summary>
internal static class AuthorizedOperations
{
    /// <summary>The client did not ask.</summary>
    public const int NotAsked = int.MinValue;

    /// <summary>On a topic: read 3, write 4, create 5, delete 6, alter 7, describe 8, describe configs 10, alter configs 11.</summary>
    public const int Topic = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11;

    /// <summary>On the cluster: create 5, alter 7, describe 8, cluster action 9, describe configs 10, alter configs 11, idempotent write 12.</summary>
    public const int Cluster = 1 << 5 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;

    /// <summary>On a group: read 3, delete 6, describe 8, describe configs 10, alter configs 11.</summary>
    public const int Group = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11;
}
