using System.Globalization;
using System.Text.Json.Nodes;
using Moldau.Output;
using Moldau.Protocol;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;
using Moldau.Storage.Epochs;
using Moldau.Storage.Indexes;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>What stands in the files, as rows.</summary>
internal static class DumpRows
{
    private static readonly Column[] Batches =
    [
        new("Offsets", "offsets"), new("Position", "position", true), new("Bytes", "size", true), new("Records", "count", true), new("Codec", "compression"),
        new("Latest", "maxTimestamp"), new("Epoch", "partitionLeaderEpoch", true), new("Producer", "producerId"), new("Sequences", "sequences"), new("Kind", "kind"), new("Checksum", "crc"),
    ];

    private static readonly Column[] OffsetEntries = [new("Offset", "offset", true), new("Position", "position", true)];
    private static readonly Column[] TimeEntries = [new("Timestamp", "timestamp"), new("Offset", "offset", true)];
    private static readonly Column[] Transactions = [new("Producer", "producerId", true), new("First offset", "firstOffset", true), new("Last offset", "lastOffset", true), new("Last stable offset", "lastStableOffset", true)];
    private static readonly Column[] Producers =
    [
        new("Producer", "producerId", true), new("Epoch", "epoch", true), new("Last sequence", "lastSequence", true), new("Last offset", "lastOffset", true), new("Batch's offsets", "offsetDelta", true),
        new("Timestamp", "timestamp"), new("Coordinator epoch", "coordinatorEpoch", true), new("Transaction from", "currentTxnFirstOffset", true),
    ];

    private static readonly Column[] Offsets = [new("Topic", "topic"), new("Partition", "partition", true), new("Offset", "offset", true)];
    private static readonly Column[] Epochs = [new("Epoch", "epoch", true), new("Start offset", "startOffset", true)];
    private static readonly Column[] Properties = [new("Name", "name"), new("Value", "value")];

    public static DumpRow Of(InspectedBatch batch)
    {
        var json = new JsonObject
        {
            ["baseOffset"] = batch.BaseOffset, ["lastOffset"] = batch.LastOffset, ["position"] = batch.Position, ["size"] = batch.SizeInBytes, ["magic"] = batch.Magic, ["count"] = batch.Count,
            ["compression"] = batch.Compression.KafkaName(), ["timestampType"] = batch.TimestampType.ToString(), ["baseTimestamp"] = batch.BaseTimestampMs, ["maxTimestamp"] = batch.MaxTimestampMs,
            ["partitionLeaderEpoch"] = batch.LeaderEpoch, ["producerId"] = batch.ProducerId, ["producerEpoch"] = batch.ProducerEpoch, ["baseSequence"] = batch.BaseSequence, ["lastSequence"] = batch.LastSequence,
            ["transactional"] = batch.IsTransactional, ["control"] = batch.IsControl, ["crc"] = batch.Crc,
        };
        if (batch.DeleteHorizonMs is { } horizon) json["deleteHorizon"] = horizon;
        if (batch.IsCrcRight is { } right) json["crcValid"] = right;
        return new DumpRow("batch", json, Batches,
        [
            Range(batch.BaseOffset, batch.LastOffset), batch.Position, batch.SizeInBytes, batch.Count, batch.Compression.KafkaName(), Time(batch.MaxTimestampMs), batch.LeaderEpoch,
            batch.ProducerId < 0 ? null : $"{batch.ProducerId}, epoch {batch.ProducerEpoch}", batch.BaseSequence < 0 ? null : Range(batch.BaseSequence, batch.LastSequence), Kind(batch),
            $"{batch.Crc:x8}{(batch.IsCrcRight is { } isRight ? isRight ? " right" : " WRONG" : "")}",
        ]);
    }

    public static DumpRow Of(InspectedRecord record, JsonObject? decoded) => RecordRows.Of(record, decoded);

    public static DumpRow Of(OffsetIndexEntry entry, long baseOffset) =>
        Plain("offsetIndexEntry", OffsetEntries, baseOffset + entry.RelativeOffset, entry.Position);

    public static DumpRow Of(TimeIndexEntry entry, long baseOffset) =>
        Plain("timeIndexEntry", TimeEntries, entry.TimestampMs, baseOffset + entry.RelativeOffset) with { Cells = [Time(entry.TimestampMs), baseOffset + entry.RelativeOffset] };

    public static DumpRow Of(AbortedTransaction entry) =>
        Plain("abortedTransaction", Transactions, entry.ProducerId.Value, entry.FirstOffset, entry.LastOffset, entry.LastStableOffset);

    public static DumpRow Of(ProducerSnapshot.ProducerEntry producer)
    {
        JsonNode?[] cells = [producer.ProducerId, producer.Epoch, producer.LastSequence, producer.LastOffset, producer.OffsetDelta, producer.Timestamp, producer.CoordinatorEpoch, producer.CurrentTxnFirstOffset];
        DumpRow row = Plain("producer", Producers, cells);
        row.Cells[5] = Time(producer.Timestamp);
        return row;
    }

    public static DumpRow Of(TopicPartition partition, long offset) => Plain("offset", Offsets, partition.Topic, partition.Partition, offset);

    public static DumpRow Of(EpochStart epoch) => Plain("epoch", Epochs, epoch.Epoch.Value, epoch.StartOffset);

    public static DumpRow Property(string name, JsonNode? value) => new("property", new JsonObject { ["name"] = name, ["value"] = value }, Properties, [name, value?.DeepClone()]);

    /// <summary>A time as people read it; null for none.</summary>
    public static string? Time(long timestampMs)
    {
        // What DateTimeOffset cannot say is shown as the number it is.
        if (timestampMs == -1) return null;
        return timestampMs is < -62_135_596_800_000 or > 253_402_300_799_999
            ? timestampMs.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    private static DumpRow Plain(string type, Column[] columns, params JsonNode?[] cells)
    {
        var json = new JsonObject();
        for (int i = 0; i < columns.Length; i++) json.Add(columns[i].Name, cells[i]?.DeepClone());
        return new DumpRow(type, json, columns, cells);
    }

    private static string Range(long first, long last) => first == last ? first.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");

    private static string? Kind(InspectedBatch batch) => (batch.IsControl, batch.IsTransactional, batch.DeleteHorizonMs) switch
    {
        (true, true, _) => "end of transaction",
        (true, false, _) => "control",
        (false, true, _) => "transactional",
        (_, _, not null) => "cleaned",
        _ => null,
    };
}
