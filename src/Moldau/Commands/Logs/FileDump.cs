using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>Reads a file by its kind and writes what is in it.</summary>
internal sealed class FileDump(IFileSystem files, DumpOptions options, IDumpOutput output)
{
    private readonly SegmentDump segments = new(files, options, output);

    /// <summary>Dumps one file. What cannot be read is reported; <paramref name="progress"/> is told the bytes read so far.</summary>
    public void Write(in DataFile file, Action<long> progress)
    {
        output.Begin(file);
        try
        {
            WriteContent(file, progress);
        }
        catch (IOException unreadable)
        {
            output.Damage(new FileDamage(file.Path, null, unreadable.Message.Replace(file.Path + ": ", "", StringComparison.Ordinal)));
        }
    }

    private void WriteContent(in DataFile file, Action<long> progress)
    {
        switch (file.Kind)
        {
            case DataFileKind.Segment:
            case DataFileKind.MetadataSnapshot:
                segments.Write(file, progress);
                break;
            case DataFileKind.OffsetIndex:
                WriteIndex(file.Path, IndexReading.Offsets(files, file.Path), DumpRows.Of);
                break;
            case DataFileKind.TimeIndex:
                WriteIndex(file.Path, IndexReading.Times(files, file.Path), DumpRows.Of);
                break;
            case DataFileKind.TransactionIndex:
                WriteIndex<AbortedTransaction>(file.Path, IndexReading.Transactions(files, file.Path), static (entry, _) => DumpRows.Of(entry));
                break;
            case DataFileKind.ProducerSnapshot:
                foreach (ProducerSnapshot.ProducerEntry producer in SmallFiles.Producers(files, file.Path).ProducerEntries) output.Row(DumpRows.Of(producer));
                break;
            case DataFileKind.OffsetCheckpoint:
                foreach ((TopicPartition partition, long offset) in SmallFiles.Offsets(files, file.Path)) output.Row(DumpRows.Of(partition, offset));
                break;
            case DataFileKind.LeaderEpochs:
                foreach (EpochStart epoch in SmallFiles.Epochs(files, file.Path)) output.Row(DumpRows.Of(epoch));
                break;
            case DataFileKind.PartitionMetadata:
                output.Row(DumpRows.Property("topicId", SmallFiles.TopicId(files, file.Path)?.ToString()));
                break;
            case DataFileKind.MetaProperties:
                WriteMetaProperties(file.Path);
                break;
            case DataFileKind.QuorumState:
                foreach ((string name, JsonNode? value) in SmallFiles.QuorumState(files, file.Path)) output.Row(DumpRows.Property(name, value?.DeepClone()));
                break;
            case DataFileKind.CleanShutdown:
                output.Row(DumpRows.Property("brokerEpoch", SmallFiles.CleanShutdown(files, file.Path)));
                break;
        }
    }

    private void WriteIndex<T>(string path, IndexContent<T> content, Func<T, long, DumpRow> row)
    {
        long baseOffset = DataFiles.BaseOffset(Path.GetFileName(path)) ?? 0;
        foreach (T entry in content.Entries) output.Row(row(entry, baseOffset));
        if (content.PreallocatedBytes > 0) output.Note($"{content.PreallocatedBytes} bytes behind the entries are kept for more.");
        if (content.Damage is { } damage) output.Damage(damage);
    }

    private void WriteMetaProperties(string path)
    {
        MetaProperties properties = MetaProperties.Read(files, Path.GetDirectoryName(path) ?? "")!;
        output.Row(DumpRows.Property("clusterId", properties.ClusterId));
        output.Row(DumpRows.Property("nodeId", properties.NodeId.Value));
        output.Row(DumpRows.Property("directoryId", properties.DirectoryId?.ToString()));
    }
}
