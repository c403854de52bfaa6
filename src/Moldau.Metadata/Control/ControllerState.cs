using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>
/// The replicated state of the controller: the image at the end of the log, uncommitted records included, and what is derived from it.
/// <see cref="Replay"/> is its only mutator. Since images are immutable, going back to what is committed is taking an older reference and rebuilding the index.
/// </summary>
internal sealed class ControllerState
{
    private readonly record struct Snapshot(long Offset, MetadataImage Image, MetadataImage? BeforeTransaction, long TransactionStart, ImmutableDictionary<int, long> RegistrationOffsets);

    private readonly Queue<Snapshot> uncommitted = new();
    private Snapshot committed = new(-1, MetadataImage.Empty, null, -1, ImmutableDictionary<int, long>.Empty);
    private ImageTip tip = new(MetadataImage.Empty);
    private ImmutableDictionary<int, long> registrationOffsets = ImmutableDictionary<int, long>.Empty;

    /// <summary>Everything that was replayed.</summary>
    internal MetadataImage Image => tip.Image;

    /// <summary>Derived from the image.</summary>
    internal PartitionIndex Index { get; } = new();

    /// <summary>Offset of the last replayed record; -1 before the first.</summary>
    internal long LastOffset { get; private set; } = -1;

    /// <summary>Offset of the last committed record; -1 before the first.</summary>
    internal long CommittedOffset => committed.Offset;

    /// <summary>Offset of the record that began the open metadata transaction; -1: none is open.</summary>
    internal long TransactionStart { get; private set; } = -1;

    internal ClusterImage Cluster => Image.Cluster;

    internal TopicsImage Topics => Image.Topics;

    internal MetadataVersion MetadataVersion => Image.Features.VersionOrThrow;

    internal bool ElrEnabled => Image.Features.Level(FeatureCatalog.ElrVersion) > 0;

    /// <summary>Offset of the record that registered a broker: it may be unfenced once it has read that far.</summary>
    internal long RegistrationOffset(int broker) => registrationOffsets.GetValueOrDefault(broker, -1);

    /// <summary>Takes in one record.</summary>
    internal void Replay(MetadataRecord record, long offset)
    {
        Invariant.That(offset > LastOffset);
        MetadataImage before = Image;
        CheckFeature(record.Message);
        tip.Replay(record.Message);
        LastOffset = offset;
        switch (record.Message)
        {
            case BeginTransactionRecord: TransactionStart = offset; break;
            case EndTransactionRecord: TransactionStart = -1; break;
            case AbortTransactionRecord:
                TransactionStart = -1;
                Index.Rebuild(Topics);
                break;
            case RegisterBrokerRecord r: registrationOffsets = registrationOffsets.SetItem(r.BrokerId, offset); break;
            case UnregisterBrokerRecord r: registrationOffsets = registrationOffsets.Remove(r.BrokerId); break;
            case TopicRecord r: Index.Update(null, Topics.Find(r.TopicId)); break;
            case RemoveTopicRecord r: Index.Update(before.Topics.Find(r.TopicId), null); break;
            case PartitionRecord r: UpdatePartition(before, r.TopicId, r.PartitionId); break;
            case PartitionChangeRecord r: UpdatePartition(before, r.TopicId, r.PartitionId); break;
            case ClearElrRecord r:
                foreach (TopicImage topic in r.TopicName.Length == 0 ? Topics.All : [Topics.Find(r.TopicName)!]) Index.Update(before.Topics.Find(topic.Id), topic);
                break;
        }
    }

    /// <summary>A batch has been replayed to its end: the state here can be committed.</summary>
    internal void EndBatch()
    {
        Invariant.That(uncommitted.Count < Limits.UncommittedBatches);
        uncommitted.Enqueue(Now());
    }

    /// <summary>Everything up to <paramref name="offset"/> is committed.</summary>
    internal void Commit(long offset)
    {
        while (uncommitted.TryPeek(out Snapshot next) && next.Offset <= offset) committed = uncommitted.Dequeue();
    }

    /// <summary>Forgets everything that is not committed.</summary>
    internal void Revert()
    {
        uncommitted.Clear();
        tip = new ImageTip(committed.Image, committed.BeforeTransaction);
        LastOffset = committed.Offset;
        TransactionStart = committed.TransactionStart;
        registrationOffsets = committed.RegistrationOffsets;
        Index.Rebuild(Topics);
    }

    /// <summary>Replaces everything by a snapshot that ends at <paramref name="lastContainedOffset"/>.</summary>
    internal void LoadSnapshot(IEnumerable<MetadataRecord> records, long lastContainedOffset)
    {
        uncommitted.Clear();
        tip = new ImageTip(MetadataImage.Empty);
        TransactionStart = -1;
        registrationOffsets = ImmutableDictionary<int, long>.Empty;
        foreach (MetadataRecord record in records)
        {
            CheckFeature(record.Message);
            tip.Replay(record.Message);
            if (record.Message is RegisterBrokerRecord r) registrationOffsets = registrationOffsets.SetItem(r.BrokerId, lastContainedOffset);
        }

        LastOffset = lastContainedOffset;
        committed = Now();
        Index.Rebuild(Topics);
    }

    private Snapshot Now() => new(LastOffset, Image, tip.BeforeTransaction, TransactionStart, registrationOffsets);

    private void UpdatePartition(MetadataImage before, Uuid topicId, int partition) =>
        Index.Update(new TopicIdPartition(topicId, partition), before.Topics.Partition(topicId, partition), Topics.Partition(topicId, partition));

    private static void CheckFeature(IMessage message)
    {
        // A broker keeps what it does not know as data; a controller that goes on would write records whose meaning it does not know.
        if (message is not FeatureLevelRecord record) return;
        LevelRange supported = FeatureCatalog.Supported.GetValueOrDefault(record.Name, LevelRange.Disabled);
        if (!supported.Contains(record.FeatureLevel)) throw new UnsupportedFeatureLevelException(record.Name, record.FeatureLevel, supported.ToString());
    }
}
