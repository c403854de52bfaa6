using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Follows transactions along a walk over a log from its beginning: which batches belong to an aborted one, and which markers end a transaction of which
/// nothing is left. What stays of the transaction index comes out on the way. Batches are shown in the order of the log, each once.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly PriorityQueue<AbortedTransaction, long> ahead = new();
    private readonly Dictionary<long, Ongoing> aborted = [];
    private readonly HashSet<long> committed = [];

    /// <summary>Told of aborted transactions whose records are not all gone: they stay in the index.</summary>
    public Action<AbortedTransaction>? Kept { get; set; }

    /// <summary>Adds aborted transactions that end in what is walked over next; some may be known already.</summary>
    public void Expect(List<AbortedTransaction> transactions)
    {
        foreach (AbortedTransaction transaction in transactions) ahead.Enqueue(transaction, transaction.FirstOffset);
    }

    /// <summary>Shows a batch of records. Whether it belongs to an aborted transaction.</summary>
    public bool IsAborted(in RecordBatchHeader batch)
    {
        BeginUpTo(batch.LastOffset);
        if (!batch.IsTransactional) return false;
        if (aborted.TryGetValue(batch.ProducerId, out Ongoing? transaction))
        {
            transaction.HasBatches = true;
            return true;
        }

        committed.Add(batch.ProducerId);
        return false;
    }

    /// <summary>Shows a control batch. Whether nothing depends on it: no batch of its transaction was met, or it is empty already.</summary>
    public bool EndsNothing(in RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        BeginUpTo(header.LastOffset);
        if (header.Count == 0) return true;
        if (!header.HasProducerId || TransactionMarker.Read(batch) is not { } marker) return false;
        if (marker.Commit) return !committed.Remove(header.ProducerId);
        if (!aborted.Remove(header.ProducerId, out Ongoing? transaction) || !transaction.HasBatches) return true;
        Kept?.Invoke(transaction.Entry);
        return false;
    }

    private void BeginUpTo(long offset)
    {
        while (ahead.TryPeek(out AbortedTransaction next, out long first) && first <= offset)
        {
            ahead.Dequeue();
            aborted.TryAdd(next.ProducerId, new Ongoing(next));
        }
    }

    private sealed class Ongoing(AbortedTransaction entry)
    {
        public AbortedTransaction Entry { get; } = entry;

        public bool HasBatches { get; set; }
    }
}
