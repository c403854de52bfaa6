using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Producers;

/// <summary>
/// What a partition knows of its idempotent and transactional producers: by it retries are recognised, gaps refused and the last stable
/// offset known. A pure fold over the log's batches, so it can be rebuilt from a snapshot and the batches behind it. Owned by the log,
/// changed under its lock; takes no memory until the first producer appears.
/// </summary>
internal sealed class ProducerStates
{
    private Dictionary<long, ProducerState>? producers;
    private OpenTransactions? transactions;

    /// <summary>The offset up to which batches are folded in.</summary>
    public long EndOffset { get; set; }

    /// <summary>Producers known.</summary>
    public int Count => producers?.Count ?? 0;

    /// <summary>First offset of the first transaction that is not settled; -1 when there is none.</summary>
    public long FirstUnstableOffset => transactions?.FirstUnstableOffset ?? -1;

    /// <summary>Transactions without a marker.</summary>
    public int OngoingTransactions => transactions?.Ongoing ?? 0;

    /// <summary>A producer, or null.</summary>
    public ProducerState? Find(ProducerId id) => producers is null ? null : producers.GetValueOrDefault(id.Value);

    /// <summary>The producers, by id.</summary>
    public ProducerState[] Ordered()
    {
        if (producers is null) return [];
        ProducerState[] all = [.. producers.Values];
        Array.Sort(all, static (a, b) => a.Id.CompareTo(b.Id));
        return all;
    }

    /// <summary>
    /// Folds a batch in that stands in the log. <paramref name="marker"/> is what a control batch of a transaction holds. Returns the
    /// transaction that the batch aborted, for the transaction index.
    /// </summary>
    public AbortedTransaction? Apply(in RecordBatchHeader batch, in TransactionMarker? marker)
    {
        AbortedTransaction? aborted = null;
        if (batch.HasProducerId)
        {
            if (!batch.IsControl) ApplyData(batch);
            else if (marker is { } end) aborted = ApplyMarker(batch, end);
        }

        EndOffset = batch.LastOffset + 1;
        return aborted;
    }

    /// <summary>Takes a producer from a snapshot.</summary>
    public void Load(ProducerState producer)
    {
        (producers ??= [])[producer.Id.Value] = producer;
        producer.MayHaveEarlier = true;
        if (producer.TransactionStart >= 0) (transactions ??= new()).Begin(producer.TransactionStart, producer.Id);
    }

    /// <summary>The high watermark or the log's start has come to an offset.</summary>
    public void SettleBelow(long offset) => transactions?.SettleBelow(offset);

    /// <summary>Forgets producers that have been silent for so long and have no open transaction.</summary>
    public void Expire(long nowMs, long expirationMs)
    {
        if (producers is null) return;
        foreach (ProducerState producer in Ordered())
        {
            if (producer.TransactionStart < 0 && nowMs - producer.LastTimestampMs >= expirationMs) producers.Remove(producer.Id.Value);
        }
    }

    /// <summary>Forgets all, to begin anew at an offset.</summary>
    public void Clear(long endOffset)
    {
        producers = null;
        transactions = null;
        EndOffset = endOffset;
    }

    private void ApplyData(in RecordBatchHeader batch)
    {
        ProducerState producer = GetOrAdd(batch.ProducerId);
        producer.SetEpoch(batch.ProducerEpoch);
        producer.Add(new ProducedBatch(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestamp));
        producer.LastTimestampMs = batch.MaxTimestamp;
        if (!batch.IsTransactional || producer.TransactionStart >= 0) return;
        producer.TransactionStart = batch.BaseOffset;
        (transactions ??= new()).Begin(batch.BaseOffset, producer.Id);
    }

    private AbortedTransaction? ApplyMarker(in RecordBatchHeader batch, in TransactionMarker marker)
    {
        ProducerState producer = GetOrAdd(batch.ProducerId);
        producer.SetEpoch(batch.ProducerEpoch);
        producer.CoordinatorEpoch = marker.CoordinatorEpoch;
        producer.LastTimestampMs = batch.MaxTimestamp;
        long first = producer.TransactionStart;
        producer.TransactionStart = -1;
        if (first < 0) return null;
        long stable = (transactions ??= new()).End(first, producer.Id, batch.BaseOffset);
        return marker.Commit ? null : new AbortedTransaction(producer.Id, first, batch.BaseOffset, stable);
    }

    private ProducerState GetOrAdd(ProducerId id)
    {
        producers ??= [];
        if (producers.TryGetValue(id.Value, out ProducerState? producer)) return producer;
        if (producers.Count >= Limits.ProducersPerPartitionMax) ForgetOldest(producers);
        producer = new ProducerState(id);
        producers.Add(id.Value, producer);
        return producer;
    }

    // A tenth at once, so that a flood of producers does not sort at every batch.
    private void ForgetOldest(Dictionary<long, ProducerState> all)
    {
        ProducerState[] idle = [.. all.Values.Where(producer => producer.TransactionStart < 0)];
        Array.Sort(idle, static (a, b) => a.LastTimestampMs != b.LastTimestampMs ? a.LastTimestampMs.CompareTo(b.LastTimestampMs) : a.Id.CompareTo(b.Id));
        foreach (ProducerState producer in idle.AsSpan(0, Math.Min(idle.Length, Limits.ProducersPerPartitionMax / 10))) all.Remove(producer.Id.Value);
    }
}
