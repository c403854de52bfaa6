using Moldau.Fuzz.Targets;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;

namespace Moldau.Fuzz;

/// <summary>All targets: one for each message and version, which come from the catalog of messages, and those of batches, files and whole nodes.</summary>
internal static class FuzzTargets
{
    public static IEnumerable<FuzzTarget> All() => [.. Messages(), .. Bytes(), .. Worlds()];

    /// <summary>Every message at every version.</summary>
    public static IEnumerable<FuzzTarget> Messages()
    {
        foreach (MessageSchema schema in MessageCatalog.All)
        {
            if (schema.Versions.IsEmpty) continue;
            for (short version = schema.Versions.Lowest; version <= schema.Versions.Highest; version++) yield return new MessageTarget(schema, version);
        }
    }

    /// <summary>Batches, codecs and frames.</summary>
    public static IEnumerable<ByteTarget> Bytes()
    {
        yield return new BatchTarget();
        yield return new ProduceTarget();
        yield return new ReplicationTarget();
        foreach (CompressionType codec in Enum.GetValues<CompressionType>()) yield return new CompressionTarget(codec);
    }

    /// <summary>Directories and peers: an execution opens a store, starts a node or runs a client.</summary>
    public static IEnumerable<FuzzTarget> Worlds() => [new StoreTarget(clean: true), new StoreTarget(clean: false), new NodeTarget(), new ClientTarget()];
}
