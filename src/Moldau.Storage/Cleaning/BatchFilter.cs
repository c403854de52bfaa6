using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Storage.Cleaning;

/// <summary>What a pass over a log knows when it decides about its batches.</summary>
internal sealed record CleaningRules
{
    /// <summary>The last offset of each key that was looked at.</summary>
    public required KeyOffsets Latest { get; init; }

    /// <summary>The transactions of the walk.</summary>
    public required CleanedTransactions Transactions { get; init; }

    /// <summary>The offset behind what the pass may clean: a batch that ends there is kept, empty if need be, so that the log does not end earlier.</summary>
    public required long End { get; init; }

    /// <summary>The moment of the pass.</summary>
    public required long NowMs { get; init; }

    /// <summary><c>delete.retention.ms</c>.</summary>
    public required long DeleteRetentionMs { get; init; }

    /// <summary>Faults planted by the simulation.</summary>
    public required PlantedStorageBugs Planted { get; init; }

    /// <summary>Producers whose last batch is kept, empty if need be.</summary>
    public LastBatches Producers { get; set; } = LastBatches.None;

    /// <summary>Whether tombstones of old formats, which carry no horizon, are kept in the current segment.</summary>
    public bool KeepsLegacyTombstones { get; set; }

    /// <summary>When tombstones that are met now may go.</summary>
    public long NewHorizonMs => DeleteRetentionMs > long.MaxValue - NowMs ? long.MaxValue : NowMs + DeleteRetentionMs;
}

/// <summary>
/// Decides what stays of a batch, and writes it: as it was, again with fewer records, empty, or not at all. Offsets, producer fields, epoch and codec stay.
/// The first pass that meets a tombstone (or a marker of a transaction that is gone) writes into its batch from when on it may be dropped (KIP-534).
/// </summary>
internal sealed class BatchFilter(CleaningRules rules) : IDisposable
{
    private readonly PooledBuffer unfolded = new();
    private readonly List<bool> kept = [];
    private readonly RecordBatchBuilder builder = new(new RecordBatchOptions());

    /// <summary>Records seen.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Records kept.</summary>
    public long RecordsKept { get; private set; }

    /// <summary>Records without a key, which a compacted log should not have and loses.</summary>
    public long RecordsWithoutKey { get; private set; }

    /// <summary>Appends to the output what stays of a batch. Called in the order of the log.</summary>
    /// <exception cref="RecordFormatException">The batch is damaged: to write it again would hide that under a new checksum.</exception>
    public void Filter(ReadOnlyMemory<byte> batch, PooledBuffer output)
    {
        RecordBatch.EnsureValid(batch.Span);
        var header = new RecordBatchHeader(batch.Span);
        bool discardable = header.IsControl ? rules.Transactions.EndsNothing(header, batch) : rules.Transactions.IsAborted(header);
        bool discarded = discardable && (!header.IsControl || HorizonPassed(header));
        bool keptEmpty = header.LastOffset + 1 == rules.End || (rules.Producers.Has(header) && !rules.Planted.CleanerLosesProducerState);
        if (discarded && !keptEmpty) return;
        bool tombstones = false;
        int count = discarded ? 0 : Decide(header, batch, out tombstones);
        if (count == 0)
        {
            if (keptEmpty) Empty(header, batch, output);
            return;
        }

        RecordsKept += count;
        bool setsHorizon = !header.IsLegacy && header.DeleteHorizonMs is null && (tombstones || (discardable && header.IsControl));
        if ((count == kept.Count && !setsHorizon) || header.IsLegacy) output.Write(batch.Span);
        else Rewrite(header, batch, setsHorizon ? rules.NewHorizonMs : header.DeleteHorizonMs, output);
    }

    public void Dispose()
    {
        unfolded.Dispose();
        builder.Dispose();
    }

    private int Decide(in RecordBatchHeader header, ReadOnlyMemory<byte> batch, out bool tombstones)
    {
        kept.Clear();
        tombstones = false;
        int count = 0;
        unfolded.Clear();
        foreach (Record record in RecordReader.Open(batch, unfolded))
        {
            RecordsRead++;
            bool keep = header.IsControl || Keeps(header, record);
            kept.Add(keep);
            if (!keep) continue;
            count++;
            tombstones |= !record.Value.HasValue;
        }

        return count;
    }

    private bool Keeps(in RecordBatchHeader header, in Record record)
    {
        // Behind what the map reaches nothing is known of newer records.
        if (record.Offset > rules.Latest.LatestOffset) return true;
        if (!record.Key.HasValue)
        {
            RecordsWithoutKey++;
            return false;
        }

        if (record.Offset < rules.Latest.Find(record.Key.Span)) return false;
        if (record.Value.HasValue) return true;
        if (rules.Planted.TombstoneDroppedEarly) return false;
        return header.IsLegacy ? rules.KeepsLegacyTombstones : !HorizonPassed(header);
    }

    private bool HorizonPassed(in RecordBatchHeader header) => header.DeleteHorizonMs <= rules.NowMs;

    private void Rewrite(in RecordBatchHeader header, ReadOnlyMemory<byte> batch, long? horizonMs, PooledBuffer output)
    {
        builder.Reset(RecordBatchOptions.Of(header) with { DeleteHorizonMs = horizonMs });
        unfolded.Clear();
        int index = 0;
        foreach (Record record in RecordReader.Open(batch, unfolded))
        {
            if (kept[index++]) builder.AppendAt(record.Offset, record.TimestampMs, record.Key, record.Value, record.Headers.Count == 0 ? [] : record.Headers.ToArray());
        }

        output.Write(builder.Build().Span);
    }

    private static void Empty(in RecordBatchHeader header, ReadOnlyMemory<byte> batch, PooledBuffer output)
    {
        // Old formats know no empty batch: there the record stays.
        if (header.IsLegacy)
        {
            output.Write(batch.Span);
            return;
        }

        RecordBatchWriter.WriteEmptied(output.GetSpan(RecordBatchLayout.HeaderBytes), header);
        output.Advance(RecordBatchLayout.HeaderBytes);
    }
}
