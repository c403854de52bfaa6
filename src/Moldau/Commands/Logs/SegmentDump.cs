using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>Batches and records of a segment or of a snapshot of the metadata.</summary>
internal sealed class SegmentDump(IFileSystem files, DumpOptions options, IDumpOutput output)
{
    public void Write(in DataFile file, Action<long> progress)
    {
        string? topic = options.Topic ?? (file.Kind == DataFileKind.MetadataSnapshot ? "__cluster_metadata" : file.FolderTopic);
        RecordDecoder? decoder = RecordDecoder.ForTopic(topic);
        bool showsRecords = options.Records ?? decoder is not null;
        using var reader = new SegmentReader(files, file.Path, options.Deep);
        while (reader.MoveNext())
        {
            InspectedBatch batch = reader.Current!;
            progress(batch.Position);
            output.Row(DumpRows.Of(batch));
            if (reader.Damage is { } damage) output.Damage(damage);
            else if (showsRecords || options.Deep) WriteRecords(file.Path, reader, batch, showsRecords, decoder);
        }

        if (reader.Damage is { } tail) output.Damage(tail);
    }

    private void WriteRecords(string path, SegmentReader reader, InspectedBatch batch, bool shows, RecordDecoder? decoder)
    {
        IReadOnlyList<InspectedRecord> records = reader.ReadRecords();
        if (reader.Damage is { } damage) output.Damage(damage);
        if (!shows) return;
        foreach (InspectedRecord record in records) output.Row(DumpRows.Of(record, Decode(path, batch, record, decoder)));
    }

    private JsonObject? Decode(string path, InspectedBatch batch, InspectedRecord record, RecordDecoder? decoder)
    {
        if (!batch.IsControl && decoder is null) return null;
        try
        {
            return batch.IsControl ? RecordDecoder.DecodeControl(record) : decoder!.Decode(record);
        }
        catch (WireFormatException unknown)
        {
            output.Damage(new FileDamage(path, batch.Position, $"the record at offset {record.Offset} cannot be decoded: {unknown.Message}"));
            return null;
        }
    }
}
