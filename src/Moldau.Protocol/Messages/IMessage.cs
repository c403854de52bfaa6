using System.Text.Json;
using System.Text.Json.Nodes;

namespace Moldau.Protocol.Messages;

/// <summary>A message generated from a schema file. Instances are mutable and not thread-safe; <see cref="Read"/> reuses what an instance already holds.</summary>
public interface IMessage
{
    /// <summary>What the schema says of the message: name, key, versions, fields.</summary>
    MessageSchema Schema { get; }

    /// <summary>
    /// Replaces the content by what <paramref name="reader"/> holds at <paramref name="version"/>. Array elements of an earlier read
    /// are recycled, so steady-state decoding into one instance allocates strings and byte arrays only.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are not such a message; names the field's path.</exception>
    /// <exception cref="MessageVersionException">The message has no such version.</exception>
    void Read(ref WireReader reader, short version);

    /// <summary>Appends the message. <c>records</c> fields become segments of the writer and are not copied.</summary>
    /// <exception cref="MessageVersionException">No such version, or a field that may not be dropped is set and the version lacks it.</exception>
    void Write(WireWriter writer, short version);

    /// <summary>Sets every field to its default; keeps array elements for recycling.</summary>
    void Reset();

    /// <summary>The message as Kafka's JSON form: camelCase names, base64 bytes, url-safe base64 uuids, a tagged field at its default absent, unknown tags under <c>_tags</c>.</summary>
    JsonObject ToJson(short version);

    /// <summary>Replaces the content by the JSON form.</summary>
    /// <exception cref="JsonException">Not the JSON form of this message at this version; names the field's path.</exception>
    void ReadJson(JsonElement json, short version);
}

/// <summary>A request of the wire protocol.</summary>
public interface IRequest : IMessage
{
    /// <summary>The API it belongs to.</summary>
    ApiKey Key { get; }
}

/// <summary>A request that <typeparamref name="TResponse"/> answers.</summary>
public interface IRequest<TResponse> : IRequest where TResponse : IResponse, new();

/// <summary>A response of the wire protocol.</summary>
public interface IResponse : IMessage
{
    /// <summary>The API it belongs to.</summary>
    ApiKey Key { get; }
}
