using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;

namespace Moldau.Storage.Inspection;

/// <summary>The topics that a node's metadata log knows: the newest snapshot, and what stands behind it.</summary>
internal static class MetadataTopics
{
    /// <summary>Names by id; null when the metadata cannot be read whole: then nobody can say which logs are strays.</summary>
    public static Dictionary<Uuid, string>? Read(IFileSystem files, string folder)
    {
        try
        {
            var topics = new Dictionary<Uuid, string>();
            IReadOnlyList<string> names = files.ListFiles(folder);
            string? snapshot = names.Where(static name => DataFiles.KindOf(name) == DataFileKind.MetadataSnapshot && DataFiles.LeftoverSuffix(name) is null).Max(StringComparer.Ordinal);
            long from = 0;
            if (snapshot is not null)
            {
                from = DataFiles.BaseOffset(snapshot) ?? 0;
                if (!Apply(files, Path.Join(folder, snapshot), 0, topics, mayBeTorn: false)) return null;
            }

            string[] segments = [.. names.Where(static name => name.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            foreach (string name in segments)
            {
                // What a crash has torn at the end was not committed.
                if (!Apply(files, Path.Join(folder, name), from, topics, mayBeTorn: name == segments[^1])) return null;
            }

            return topics;
        }
        catch (Exception unreadable) when (unreadable is IOException)
        {
            return null;
        }
    }

    private static bool Apply(IFileSystem files, string path, long from, Dictionary<Uuid, string> topics, bool mayBeTorn)
    {
        using var reader = new SegmentReader(files, path, verify: true);
        while (reader.MoveNext())
        {
            if (reader.Damage is not null) return false;
            if (reader.Current!.IsControl || reader.Current.LastOffset < from) continue;
            foreach (InspectedRecord record in reader.ReadRecords())
            {
                if (record.Offset < from) continue;
                switch (RecordFraming.ReadMetadata(record.Value ?? [], out _))
                {
                    case TopicRecord topic: topics[topic.TopicId] = topic.Name; break;
                    case RemoveTopicRecord removed: topics.Remove(removed.TopicId); break;
                }
            }

            if (reader.Damage is not null) return false;
        }

        return reader.Damage is null || mayBeTorn;
    }
}
