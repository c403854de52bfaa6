namespace Moldau.Protocol.Messages;

/// <summary>Messages as they stand inside records: with what names their kind and version in front.</summary>
public static class RecordFraming
{
    /// <summary>The frame version of the metadata log; there has been no other.</summary>
    private const uint MetadataFrame = 1;

    /// <summary>The frame version of the remote-log metadata topic.</summary>
    private const uint RemoteLogFrame = 0;

    /// <summary>Appends a record of the metadata log or of the remote-log metadata topic: varints frame version, id, version; then the message.</summary>
    public static void WriteMetadata(WireWriter writer, IMessage record, short version)
    {
        writer.WriteUnsignedVarint(record.Schema.Kind == "metadata" ? MetadataFrame : RemoteLogFrame);
        writer.WriteUnsignedVarint((uint)RecordId(record));
        writer.WriteUnsignedVarint((uint)version);
        record.Write(writer, version);
    }

    /// <summary>Reads a record of the metadata log.</summary>
    /// <exception cref="WireFormatException">It is none, has an unknown id or version, or bytes follow it.</exception>
    public static IMessage ReadMetadata(ReadOnlyMemory<byte> bytes, out short version) => ReadFramed(bytes, MetadataFrame, MessageCatalog.CreateMetadataRecord, out version);

    /// <summary>Reads a record of the remote-log metadata topic.</summary>
    /// <exception cref="WireFormatException">As <see cref="ReadMetadata"/>.</exception>
    public static IMessage ReadRemoteLog(ReadOnlyMemory<byte> bytes, out short version) => ReadFramed(bytes, RemoteLogFrame, MessageCatalog.CreateRemoteLogRecord, out version);

    /// <summary>Appends the key of a coordinator's record: int16 id, then the message, of which there is version 0 only.</summary>
    public static void WriteCoordinatorKey(WireWriter writer, IMessage key)
    {
        writer.WriteInt16(RecordId(key));
        key.Write(writer, 0);
    }

    /// <summary>Reads the key of a coordinator's record; null when the id is unknown, as a later release may have written it.</summary>
    /// <exception cref="WireFormatException">It is no such key.</exception>
    public static IMessage? ReadCoordinatorKey(CoordinatorKind coordinator, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (MessageCatalog.CreateCoordinatorKey(coordinator, reader.ReadInt16()) is not { } key) return null;
        key.Read(ref reader, 0);
        RequireEnd(reader, key);
        return key;
    }

    /// <summary>Appends the value of a coordinator's record: int16 version, then the message.</summary>
    public static void WriteCoordinatorValue(WireWriter writer, IMessage value, short version) => WriteVersioned(writer, value, version);

    /// <summary>Reads the value of a coordinator's record, whose key says what it is.</summary>
    /// <exception cref="WireFormatException">It is no such value.</exception>
    public static IMessage ReadCoordinatorValue(CoordinatorKind coordinator, IMessage key, ReadOnlyMemory<byte> bytes, out short version)
    {
        IMessage value = MessageCatalog.CreateCoordinatorValue(coordinator, RecordId(key)) ?? throw new ArgumentException($"{key.Schema.Name} has no value", nameof(key));
        version = ReadVersioned(bytes, value);
        return value;
    }

    /// <summary>Appends a message with its version as an int16 in front: coordinator values, the consumer protocol, principals.</summary>
    public static void WriteVersioned(WireWriter writer, IMessage message, short version)
    {
        writer.WriteInt16(version);
        message.Write(writer, version);
    }

    /// <summary>Reads a message with its version in front, to the last byte, and returns the version.</summary>
    /// <exception cref="WireFormatException">It is no such message, or of a version that is not known.</exception>
    public static short ReadVersioned(ReadOnlyMemory<byte> bytes, IMessage message)
    {
        var reader = new WireReader(bytes);
        short version = reader.ReadInt16();
        RequireVersion(message, version, 0);
        message.Read(ref reader, version);
        RequireEnd(reader, message);
        return version;
    }

    /// <summary>
    /// Reads a subscription or assignment of the consumer protocol and returns the version in front of it. As members of one group may run different
    /// releases, a later version is read as the highest known, and what it has at the end is left.
    /// </summary>
    /// <exception cref="WireFormatException">It is no such message.</exception>
    public static short ReadConsumerProtocol(ReadOnlyMemory<byte> bytes, IMessage message)
    {
        var reader = new WireReader(bytes);
        short version = reader.ReadInt16();
        short known = Math.Min(version, message.Schema.Versions.Highest);
        RequireVersion(message, known, 0);
        message.Read(ref reader, known);
        return version;
    }

    private static IMessage ReadFramed(ReadOnlyMemory<byte> bytes, uint frameVersion, Func<short, IMessage?> create, out short version)
    {
        var reader = new WireReader(bytes);
        uint frame = reader.ReadUnsignedVarint();
        if (frame != frameVersion) throw new WireFormatException("frame", $"version {frame}, {frameVersion} expected", 0);
        uint id = reader.ReadUnsignedVarint();
        IMessage record = (id <= (uint)short.MaxValue ? create((short)id) : null) ?? throw new WireFormatException("frame", $"no record has the id {id}", 1);
        uint number = reader.ReadUnsignedVarint();
        version = number <= (uint)short.MaxValue ? (short)number : (short)-1;
        RequireVersion(record, version, reader.Position);
        record.Read(ref reader, version);
        RequireEnd(reader, record);
        return record;
    }

    private static short RecordId(IMessage record) => record.Schema.Key ?? throw new ArgumentException($"{record.Schema.Name} has no id", nameof(record));

    private static void RequireVersion(IMessage message, short version, int position)
    {
        if (!message.Schema.Versions.Contains(version)) throw new WireFormatException(message.Schema.Name, $"version {version}, {message.Schema.Versions} known", position);
    }

    private static void RequireEnd(WireReader reader, IMessage message)
    {
        if (reader.Remaining > 0) throw new WireFormatException(message.Schema.Name, $"{reader.Remaining} bytes after its end", reader.Position);
    }
}
