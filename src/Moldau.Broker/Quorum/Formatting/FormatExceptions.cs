using Moldau.Protocol;

namespace Moldau.Broker.Quorum.Formatting;

/// <summary>A request to format that makes no sense, in the words of Kafka's storage tool where it has some. Nothing was written.</summary>
public sealed class FormatRefusedException(string message) : Exception(message);

/// <summary>A log directory that cannot be used as it is.</summary>
public abstract class LogDirectoryException(string directory, string message) : IOException(message)
{
    /// <summary>The directory.</summary>
    public string Directory { get; } = directory;
}

/// <summary>A log directory without <c>meta.properties</c>.</summary>
public sealed class NotFormattedException(string directory)
    : LogDirectoryException(directory, $"No `meta.properties` found in {directory} (have you formatted your directories with `storage format`?)");

/// <summary>A log directory without <c>meta.properties</c> that holds other things: formatting it could make data look like garbage.</summary>
public sealed class DirectoryNotEmptyException(string directory, string found)
    : LogDirectoryException(directory, $"{directory} is not formatted, but it is not empty: it holds {found}. Name an empty directory, or move that away.");

/// <summary>The directory belongs to another cluster.</summary>
public sealed class ClusterIdMismatchException(string directory, string expected, string found)
    : LogDirectoryException(directory, $"Invalid cluster.id in: {directory}/meta.properties. Expected {expected}, but read {found}");

/// <summary>The directory belongs to another node.</summary>
public sealed class NodeIdMismatchException(string directory, BrokerId expected, BrokerId found)
    : LogDirectoryException(directory,
        $"Stored node id {found} doesn't match previous node id {expected} in {directory}/meta.properties. If you moved your data, make sure your "
        + "configured node id matches. If you intend to create a new node, you should remove all data in your data directories.");

/// <summary>Two directories have the same id: one is a copy of the other.</summary>
public sealed class DuplicateDirectoryIdException(string directory, string other, Uuid id)
    : LogDirectoryException(directory, $"{directory} and {other} have the same directory.id {id}: one is a copy of the other");

/// <summary>The directory cannot be read or written, and the node cannot do without it.</summary>
public sealed class UnusableDirectoryException(string directory, IOException cause)
    : LogDirectoryException(directory, $"{directory} cannot be used: {cause.Message}. {Partitions.DirectoryAdvice.For(cause)}");

/// <summary>The directory's <c>meta.properties</c> is there and is not one.</summary>
public sealed class UnreadableMetaPropertiesException(string directory, string reason)
    : LogDirectoryException(directory, $"{directory}/meta.properties: {reason}");
