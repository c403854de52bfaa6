using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>
/// The bytes of the records of <c>__consumer_offsets</c>: a key begins with the int16 number of the record type, a value with its int16
/// version.
/// </summary>
public static class GroupRecordCodec
{
    /// <summary>Every key type has one version; the number in front of it is the type's.</summary>
    private const short KeyVersion = 0;

    /// <summary>Writes a key.</summary>
    public static byte[] EncodeKey(IMessage key)
    {
        using var writer = new WireWriter();
        writer.WriteInt16(key.Schema.Key!.Value);
        key.Write(writer, KeyVersion);
        return writer.ToArray();
    }

    /// <summary>Writes a value; null for a tombstone.</summary>
    public static byte[]? EncodeValue(CoordinatorRecord record)
    {
        if (record.Value is not { } value) return null;
        using var writer = new WireWriter();
        writer.WriteInt16(record.ValueVersion);
        value.Write(writer, record.ValueVersion);
        return writer.ToArray();
    }

    /// <summary>
    /// Reads a record. Null when its type is not known: a later Kafka has written it, and it is left alone.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are not what their type says, or of a version that is not known.</exception>
    public static CoordinatorRecord? Decode(ReadOnlyMemory<byte> keyBytes, NullableBytes valueBytes)
    {
        var keyReader = new WireReader(keyBytes);
        short type = keyReader.ReadInt16();
        if (MessageCatalog.CreateCoordinatorKey(CoordinatorKind.Group, type) is not { } key) return null;
        key.Read(ref keyReader, KeyVersion);
        if (!valueBytes.HasValue) return CoordinatorRecord.Tombstone(key);

        IMessage value = MessageCatalog.CreateCoordinatorValue(CoordinatorKind.Group, type)!;
        var valueReader = new WireReader(valueBytes.Memory);
        short version = valueReader.ReadInt16();
        if (!value.Schema.Versions.Contains(version))
        {
            throw new WireFormatException(value.Schema.Name, $"version {version} is not known", valueReader.Position);
        }

        value.Read(ref valueReader, version);
        return new CoordinatorRecord(key, value, version);
    }
}
