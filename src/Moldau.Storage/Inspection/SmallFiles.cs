using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;

namespace Moldau.Storage.Inspection;

/// <summary>The small files of a log directory. What cannot be understood comes out as <see cref="CheckpointException"/>.</summary>
public static class SmallFiles
{
    private const int SnapshotEntriesAt = 6;

    /// <summary>The offsets in one of a directory's checkpoints, by partition; empty when it is absent or empty.</summary>
    public static IReadOnlyDictionary<TopicPartition, long> Offsets(IFileSystem files, string path) =>
        OffsetCheckpointFile.Read(files, Folder(path), Path.GetFileName(path));

    /// <summary>The epochs in a <c>leader-epoch-checkpoint</c>.</summary>
    public static IReadOnlyList<EpochStart> Epochs(IFileSystem files, string path) => LeaderEpochCheckpointFile.Read(files, Folder(path));

    /// <summary>The topic id in a <c>partition.metadata</c>; null when it is absent or empty.</summary>
    public static Uuid? TopicId(IFileSystem files, string path) => PartitionMetadataFile.Read(files, Folder(path));

    /// <summary>The broker epoch in a <c>.kafka_cleanshutdown</c>; -1 where it has none.</summary>
    public static long CleanShutdown(IFileSystem files, string path) => CleanShutdownFile.ReadBrokerEpoch(files, Folder(path));

    /// <summary>The producers in a <c>.snapshot</c>.</summary>
    public static ProducerSnapshot Producers(IFileSystem files, string path)
    {
        byte[] bytes;
        using (IFile file = files.Open(path, FileOpen.Read)) bytes = AtomicFile.ReadAll(file, path, Limits.SnapshotBytesMax);
        if (bytes.Length < SnapshotEntriesAt) throw new CheckpointException(path, $"{bytes.Length} bytes are no producer snapshot");
        short version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        var snapshot = new ProducerSnapshot();
        if (!((IMessage)snapshot).Schema.Versions.Contains(version)) throw new CheckpointException(path, $"version {version} is not known");
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(2)) != Crc32C.Compute(bytes.AsSpan(SnapshotEntriesAt))) throw new CheckpointException(path, "the checksum is wrong");
        try
        {
            var reader = new WireReader(bytes.AsMemory(2));
            snapshot.Read(ref reader, version);
            return reader.Remaining == 0 ? snapshot : throw new CheckpointException(path, $"{reader.Remaining} bytes after its end");
        }
        catch (WireFormatException broken)
        {
            throw new CheckpointException(path, broken.Message);
        }
    }

    /// <summary>The state of the quorum in a <c>quorum-state</c>, as Kafka's JSON.</summary>
    public static JsonObject QuorumState(IFileSystem files, string path)
    {
        string text = AtomicFile.Read(files, Folder(path), Path.GetFileName(path), Limits.SmallFileBytesMax) ?? throw new FileNotFoundException($"{path}: there is no such file", path);
        try
        {
            JsonObject json = JsonNode.Parse(text) as JsonObject ?? throw new CheckpointException(path, "no JSON object");
            if (json["data_version"]?.GetValue<short>() is not { } version) throw new CheckpointException(path, "no data_version");
            JsonObject data = JsonNode.Parse(text)!.AsObject();
            data.Remove("data_version");
            using JsonDocument document = JsonDocument.Parse(data.ToJsonString());
            new QuorumStateData().ReadJson(document.RootElement, version);
            return json;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException or MessageVersionException)
        {
            throw new CheckpointException(path, $"not a quorum state: {broken.Message}");
        }
    }

    private static string Folder(string path) => Path.GetDirectoryName(path) ?? "";
}
