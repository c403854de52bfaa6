using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Storage.Inspection;

/// <summary>
/// Tells what the records of Kafka's own topics mean: the metadata log and its snapshots, <c>__consumer_offsets</c>, <c>__transaction_state</c>,
/// <c>__share_group_state</c>, <c>__remote_log_metadata</c>; and control records of every log. Messages in the JSON form of the protocol.
/// </summary>
public sealed class RecordDecoder
{
    private readonly Func<InspectedRecord, JsonObject> decode;

    private RecordDecoder(Func<InspectedRecord, JsonObject> decode) => this.decode = decode;

    /// <summary>The decoder for a topic; null where records are the users' own.</summary>
    public static RecordDecoder? ForTopic(string? topic) => topic switch
    {
        "__cluster_metadata" => new(static record => Framed(RecordFraming.ReadMetadata(record.Value ?? [], out short version), version)),
        "__remote_log_metadata" => new(static record => Framed(RecordFraming.ReadRemoteLog(record.Value ?? [], out short version), version)),
        "__consumer_offsets" => new(static record => Coordinated(CoordinatorKind.Group, record)),
        "__transaction_state" => new(static record => Coordinated(CoordinatorKind.Transaction, record)),
        "__share_group_state" => new(static record => Coordinated(CoordinatorKind.Share, record)),
        _ => null,
    };

    /// <summary>What a record says.</summary>
    /// <exception cref="WireFormatException">It is not what the topic's records are.</exception>
    public JsonObject Decode(InspectedRecord record) => decode(record);

    /// <summary>What a control record says: a transaction's end, or a word of the quorum or a snapshot.</summary>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static JsonObject DecodeControl(InspectedRecord record)
    {
        if (new Record { Key = record.Key }.ControlType is not { } type) throw new WireFormatException("key", "no control record's", 0);
        byte[] value = record.Value ?? [];
        return type switch
        {
            ControlRecordType.Abort or ControlRecordType.Commit => EndMarker(type, value),
            ControlRecordType.LeaderChange => Control(type, new LeaderChangeMessage(), value),
            ControlRecordType.SnapshotHeader => Control(type, new SnapshotHeaderRecord(), value),
            ControlRecordType.SnapshotFooter => Control(type, new SnapshotFooterRecord(), value),
            ControlRecordType.KRaftVersion => Control(type, new KRaftVersionRecord(), value),
            ControlRecordType.KRaftVoters => Control(type, new VotersRecord(), value),
            _ => throw new WireFormatException("key", $"control type {(short)type} is not known", 2),
        };
    }

    private static JsonObject EndMarker(ControlRecordType type, byte[] value)
    {
        try
        {
            return new JsonObject { ["type"] = type.ToString(), ["data"] = new JsonObject { ["coordinatorEpoch"] = ControlBatch.CoordinatorEpoch(value) } };
        }
        catch (RecordFormatException broken)
        {
            throw new WireFormatException("value", broken.Message, 0);
        }
    }

    // These messages begin with their version as a field of their own.
    private static JsonObject Control(ControlRecordType type, IMessage message, byte[] value)
    {
        var reader = new WireReader(value);
        short version = reader.ReadInt16();
        if (!message.Schema.Versions.Contains(version)) throw new WireFormatException("value", $"version {version} of {message.Schema.Name} is not known", 0);
        reader = new WireReader(value);
        message.Read(ref reader, version);
        return new JsonObject { ["type"] = type.ToString(), ["data"] = message.ToJson(version) };
    }

    private static JsonObject Framed(IMessage message, short version) =>
        new() { ["type"] = message.Schema.Name, ["version"] = version, ["data"] = message.ToJson(version) };

    private static JsonObject Coordinated(CoordinatorKind coordinator, InspectedRecord record)
    {
        IMessage key = RecordFraming.ReadCoordinatorKey(coordinator, record.Key ?? [])
            ?? throw new WireFormatException("key", "its kind is not known", 0);
        var decoded = new JsonObject { ["key"] = new JsonObject { ["type"] = key.Schema.Name, ["data"] = key.ToJson(0) }, ["value"] = null };
        if (record.Value is null) return decoded;
        IMessage value = RecordFraming.ReadCoordinatorValue(coordinator, key, record.Value, out short version);
        decoded["value"] = Framed(value, version);
        if (value is GroupMetadataValue { ProtocolType: "consumer" } group) decoded["members"] = Members(group);
        return decoded;
    }

    // What consumers tell each other through the group: opaque to the broker, and what one looks for in a dump.
    private static JsonArray Members(GroupMetadataValue group)
    {
        var members = new JsonArray();
        foreach (GroupMetadataValue.MemberMetadata member in group.Members)
        {
            members.Add((JsonNode)new JsonObject
            {
                ["memberId"] = member.MemberId,
                ["subscription"] = ConsumerProtocol(new ConsumerProtocolSubscription(), member.Subscription),
                ["assignment"] = ConsumerProtocol(new ConsumerProtocolAssignment(), member.Assignment),
            });
        }

        return members;
    }

    private static JsonObject? ConsumerProtocol(IMessage message, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return null;
        try
        {
            short version = RecordFraming.ReadConsumerProtocol(bytes, message);
            return message.ToJson(Math.Min(version, message.Schema.Versions.Highest));
        }
        catch (WireFormatException)
        {
            // Members may put anything there.
            return null;
        }
    }
}
