namespace Moldau.Protocol.Messages;

/// <summary>All messages of the protocol, by name, API key and record id. Nothing in it needs reflection.</summary>
public static partial class MessageCatalog
{
    private static readonly Lazy<MessageSchema[]> Schemas = new(ListSchemas);

    /// <summary>The schema of every message. The first use reads them all: tools call it, the data path does not.</summary>
    public static IReadOnlyList<MessageSchema> All => Schemas.Value;

    /// <summary>A new message by its name; null when there is none of that name.</summary>
    public static IMessage? Create(string name) => CreateByName(name);

    /// <summary>The schema of an API's request, which has its versions and listeners; null for an unknown key.</summary>
    public static MessageSchema? SchemaOfRequest(ApiKey key) => SchemaByRequestKey(key);

    /// <summary>A new request of an API; null for an unknown key. A retired key's request has no version.</summary>
    public static IRequest? CreateRequest(ApiKey key) => CreateByRequestKey(key);

    /// <summary>A new response of an API; null for an unknown key. A retired key's response has no version.</summary>
    public static IResponse? CreateResponse(ApiKey key) => CreateByResponseKey(key);

    /// <summary>A new record of the metadata log by its id; null for an unknown one.</summary>
    public static IMessage? CreateMetadataRecord(short id) => CreateByRecordId("metadata", "metadata", id);

    /// <summary>A new record of the remote-log metadata topic by its id; null for an unknown one.</summary>
    public static IMessage? CreateRemoteLogRecord(short id) => CreateByRecordId("storage", "metadata", id);

    /// <summary>A new key of a coordinator's topic by the version in front of it; null for an unknown one.</summary>
    public static IMessage? CreateCoordinatorKey(CoordinatorKind coordinator, short id) => CreateByRecordId(KindOf(coordinator), "coordinator-key", id);

    /// <summary>A new value of a coordinator's topic by the id of its key; null for an unknown one.</summary>
    public static IMessage? CreateCoordinatorValue(CoordinatorKind coordinator, short id) => CreateByRecordId(KindOf(coordinator), "coordinator-value", id);

    private static string KindOf(CoordinatorKind coordinator) => coordinator switch
    {
        CoordinatorKind.Group => "group-coordinator",
        CoordinatorKind.Transaction => "transaction-coordinator",
        _ => "share-coordinator",
    };
}

/// <summary>The coordinators that keep records in a topic of their own.</summary>
public enum CoordinatorKind
{
    /// <summary><c>__consumer_offsets</c>.</summary>
    Group,

    /// <summary><c>__transaction_state</c>.</summary>
    Transaction,

    /// <summary><c>__share_group_state</c>.</summary>
    Share,
}
