using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Storage.Tests.Cleaning;

namespace Moldau.Storage.Tests.Lives;

/// <summary>What had been promised of a partition at some moment.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Id">The topic's id: one that is made anew has another.</param>
/// <param name="Written">Every record, by offset.</param>
/// <param name="Acknowledged">Records below it were durable.</param>
/// <param name="Start">Records below it may be gone.</param>
/// <param name="DeletedTo">Records below it must be gone.</param>
/// <param name="NowMs">The moment.</param>
internal sealed record LifePromise(string Name, Uuid Id, WrittenRecord[] Written, long Acknowledged, long Start, long DeletedTo, long NowMs);

/// <summary>A partition of a store's life, and what is written to it. When its topic is made anew everything begins from nothing.</summary>
internal sealed class LifeTopic(string name, LogConfig config, SeededRandom random)
{
    private KeyedWriter writer = new(random, config.Compact);
    private long acknowledged, start, deletedTo;
    private long lives;

    public TopicPartition Partition { get; } = new(name, 0);

    public LogConfig Config => config;

    public Uuid Id { get; private set; }

    /// <summary>Whether it is there: from its making until somebody deletes it.</summary>
    public bool Exists { get; private set; }

    /// <summary>Makes the log, where there was none.</summary>
    public void Create(TestStore store)
    {
        Id = new Uuid(name.Length, ++lives);
        writer = new KeyedWriter(random, config.Compact);
        acknowledged = start = deletedTo = 0;
        Exists = true;
        store.Logs.Create(Partition, Id, config);
    }

    /// <summary>Deletes it. From the first moment on nothing is promised of it.</summary>
    public void Delete(TestStore store)
    {
        Exists = false;
        store.Logs.Delete(Partition);
    }

    public void Append(PartitionLog log, long nowMs) => writer.Append(log, nowMs);

    /// <summary>Deletes the beginning, for good.</summary>
    public void DeleteRecords(PartitionLog log)
    {
        var before = (Offset)random.Between(log.LogStartOffset, log.HighWatermark);
        if (log.DeleteRecords(before) == ErrorCode.None && log.PersistLogStart() == ErrorCode.None) deletedTo = log.LogStartOffset;
    }

    /// <summary>What holds now. While the log is closed, or its directory offline, what was promised last holds on.</summary>
    public LifePromise Promise(TestStore? store, long nowMs)
    {
        if (store?.Logs.Find(Partition) is { } log && log.TopicId == Id) (acknowledged, start) = (Math.Max(acknowledged, log.FlushedOffset), Math.Max(start, log.LogStartOffset));
        return new LifePromise(name, Id, writer.Written, acknowledged, start, deletedTo, nowMs);
    }
}
