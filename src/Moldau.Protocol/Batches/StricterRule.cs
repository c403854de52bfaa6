namespace Moldau.Protocol.Batches;

/// <summary>Where produce validation is stricter than Apache Kafka 4.4, which is the decision of docs/adr/0002.</summary>
public enum StricterRule
{
    /// <summary>It is not: Kafka refuses with the same error.</summary>
    None,

    /// <summary>Bytes behind the batch that are no batch. Kafka drops them.</summary>
    StrayBytes,

    /// <summary>Offset deltas that do not count 0, 1, 2. Kafka stores them uncompressed and fails compressed.</summary>
    OffsetDeltas,

    /// <summary>Compressed records whose lengths do not fit their content. Kafka stores some that no reader can read.</summary>
    CompressedRecords,

    /// <summary>Attribute bits without meaning. Kafka stores them.</summary>
    ReservedAttributes,

    /// <summary>The delete horizon, which is the log cleaner's to set. Kafka stores it.</summary>
    DeleteHorizon,

    /// <summary>A codec id that no codec has. Kafka: UNKNOWN_SERVER_ERROR.</summary>
    CodecId,

    /// <summary>Compressed data that cannot be decompressed. Kafka: UNKNOWN_SERVER_ERROR.</summary>
    CompressedData,

    /// <summary>A batch length that overflows. Kafka: UNKNOWN_SERVER_ERROR.</summary>
    BatchLength,

    /// <summary>Records that unfold to more than the bound. Kafka has none.</summary>
    DecompressedSize,
}

/// <summary>What is known of the rules.</summary>
public static class StricterRules
{
    /// <summary>Whether Apache Kafka gives this answer to a batch that the rule refuses.</summary>
    public static bool KafkaMayAnswer(this StricterRule rule, ErrorCode kafka) => rule switch
    {
        StricterRule.None => false,
        StricterRule.OffsetDeltas => kafka is ErrorCode.None or ErrorCode.UnknownServerError,
        StricterRule.CodecId or StricterRule.CompressedData or StricterRule.BatchLength => kafka is ErrorCode.UnknownServerError,
        _ => kafka is ErrorCode.None,
    };
}
