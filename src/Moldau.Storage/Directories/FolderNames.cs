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
