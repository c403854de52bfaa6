using Moldau.Processes;

namespace Moldau.Load.Compare.Brokers;

/// <summary>One of the two programs that are compared, and how it is told of a flush tier.</summary>
internal sealed class Contender
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();
    private readonly IReadOnlyDictionary<string, string> pageCache, synced;

    private Contender(string name, NodeProgram program, IReadOnlyDictionary<string, string> pageCache, IReadOnlyDictionary<string, string> synced)
    {
        (Name, Program) = (name, program);
        (this.pageCache, this.synced) = (pageCache, synced);
    }

    public string Name { get; }

    public NodeProgram Program { get; }

    public bool IsOurs => Program is MoldauProgram;

    public static Contender Moldau(string executable) =>
        new("moldau", new MoldauProgram(executable), new Dictionary<string, string> { ["moldau.durability"] = "pagecache" }, Nothing);

    /// <summary>What <c>flush.messages=1</c> is for a topic, for all topics.</summary>
    public static Contender Kafka(KafkaPeer peer) =>
        new("kafka", peer, Nothing, new Dictionary<string, string> { ["log.flush.interval.messages"] = "1" });

    public IReadOnlyDictionary<string, string> Settings(FlushTier tier) => tier == FlushTier.PageCache ? pageCache : synced;
}
