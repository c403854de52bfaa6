namespace Moldau.Raft;

/// <summary>The bounds of the quorum's queues and sets.</summary>
public static class Limits
{
    /// <summary>Voters in a set. Kafka names no bound; a quorum of more than a handful only slows commits.</summary>
    public const int Voters = 64;

    /// <summary>Observers (brokers) whose progress a leader remembers; the longest silent one is forgotten first.</summary>
    public const int Observers = 4096;

    /// <summary>Fetches that wait at the leader for records; more are answered at once, empty.</summary>
    public const int ParkedFetches = 4096;

    /// <summary>Bytes of one batch of the metadata log, as in Kafka.</summary>
    public const int BatchBytes = 8 * 1024 * 1024;

    /// <summary>Bytes of one Fetch or FetchSnapshot of a voter, as in Kafka.</summary>
    public const int FetchBytes = 8 * 1024 * 1024;

    /// <summary>Commands that wait for the event loop; more are refused.</summary>
    public const int PendingCommands = 1024;

    /// <summary>Batches that wait to be written by a leader; an append beyond them is refused.</summary>
    public const int PendingBatches = 1024;
}
