using System.Globalization;
using Moldau.Protocol;

namespace Moldau.Storage.Directories;

/// <summary>Names of partition folders: <c>topic-partition</c>; with a unique id and <c>-delete</c> once the log is deleted.</summary>
internal static class FolderNames
{
    private const int NameCharsMax = 255;

    /// <summary>What a folder of a deleted log ends in.</summary>
    public const string DeleteSuffix = "-delete";

    /// <summary>The folder that a deleted log is renamed to. File systems take 255 characters: a long topic name is cut.</summary>
    public static string Deleted(TopicPartition partition, UInt128 unique)
    {
        string tail = string.Create(CultureInfo.InvariantCulture, $"-{partition.Partition}.{unique:x32}{DeleteSuffix}");
        return partition.Topic[..Math.Min(partition.Topic.Length, NameCharsMax - tail.Length)] + tail;
    }

    /// <summary>What the folder of a copy ends in that is to take the log's place in another directory.</summary>
    public const string FutureSuffix = "-future";

    /// <summary>What a folder ends in whose partition the metadata do not have on this node.</summary>
    public const string StraySuffix = "-stray";

    /// <summary>The folder that a log is copied into; null where the topic's name leaves no room for it, as in Kafka.</summary>
    public static string? Future(TopicPartition partition, UInt128 unique)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}-{partition.Partition}.{unique:x32}{FutureSuffix}");
        return name.Length <= NameCharsMax ? name : null;
    }

    /// <summary>The folder that a stray log is renamed to.</summary>
    public static string Stray(TopicPartition partition, UInt128 unique)
    {
        string tail = string.Create(CultureInfo.InvariantCulture, $"-{partition.Partition}.{unique:x32}{StraySuffix}");
        return partition.Topic[..Math.Min(partition.Topic.Length, NameCharsMax - tail.Length)] + tail;
    }

    /// <summary>The partition that a copy's folder is for.</summary>
    public static bool TryParseFuture(string name, out TopicPartition partition)
    {
        partition = default;
        int dot = name.LastIndexOf('.');
        return dot > 0 && name.Length == dot + 33 + FutureSuffix.Length && name.EndsWith(FutureSuffix, StringComparison.Ordinal) && TryParse(name[..dot], out partition);
    }

    /// <summary>The partition whose log a folder holds.</summary>
    public static bool TryParse(string name, out TopicPartition partition)
    {
        partition = default;
        int dash = name.LastIndexOf('-');
        if (dash <= 0 || !int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
        partition = new TopicPartition(name[..dash], number);
        return true;
    }
}
