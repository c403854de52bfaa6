using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>The attributes of a batch of magic 2; in magic 0 and 1 only compression and timestamp type exist.</summary>
public readonly record struct RecordBatchAttributes(short Value)
{
    private const int CompressionMask = 0x07;
    private const int AppendTimeBit = 0x08;
    private const int TransactionalBit = 0x10;
    private const int ControlBit = 0x20;
    private const int DeleteHorizonBit = 0x40;
    private const int KnownBits = 0x7f;

    /// <summary>Attributes from their parts.</summary>
    public RecordBatchAttributes(CompressionType compression, TimestampType timestampType, bool transactional, bool control, bool deleteHorizon = false)
        : this((short)((int)compression
            | (timestampType == TimestampType.LogAppendTime ? AppendTimeBit : 0)
            | (transactional ? TransactionalBit : 0)
            | (control ? ControlBit : 0)
            | (deleteHorizon ? DeleteHorizonBit : 0)))
    {
    }

    /// <summary>The codec; 5-7 are ids that no codec has.</summary>
    public CompressionType Compression => (CompressionType)(Value & CompressionMask);

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType => (Value & AppendTimeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Whether the records belong to a transaction.</summary>
    public bool IsTransactional => (Value & TransactionalBit) != 0;

    /// <summary>Whether the records are control records, which consumers do not see.</summary>
    public bool IsControl => (Value & ControlBit) != 0;

    /// <summary>Whether the base timestamp field holds the time from which tombstones may be dropped.</summary>
    public bool HasDeleteHorizon => (Value & DeleteHorizonBit) != 0;

    /// <summary>Whether a bit is set that has no meaning.</summary>
    public bool HasReservedBits => (Value & ~KnownBits) != 0;

    /// <summary>The same with another timestamp type.</summary>
    public RecordBatchAttributes With(TimestampType timestampType) =>
        new((short)(timestampType == TimestampType.LogAppendTime ? Value | AppendTimeBit : Value & ~AppendTimeBit));

    /// <summary>The same with another codec.</summary>
    public RecordBatchAttributes With(CompressionType compression) => new((short)((Value & ~CompressionMask) | (int)compression));
}

/// <summary>What the timestamps of a batch mean.</summary>
public enum TimestampType
{
    /// <summary>Messages of magic 0 have none.</summary>
    None = -1,

    /// <summary>The producer set them.</summary>
    CreateTime = 0,

    /// <summary>All are the moment when the leader appended the batch.</summary>
    LogAppendTime = 1,
}

/// <summary>The type in the key of a control record.</summary>
public enum ControlRecordType : short
{
    /// <summary>A transaction was aborted.</summary>
    Abort = 0,

    /// <summary>A transaction was committed.</summary>
    Commit = 1,

    /// <summary>A leader of the metadata quorum began its epoch.</summary>
    LeaderChange = 2,

    /// <summary>The first record of a snapshot.</summary>
    SnapshotHeader = 3,

    /// <summary>The last record of a snapshot.</summary>
    SnapshotFooter = 4,

    /// <summary>The quorum's feature level (KIP-853).</summary>
    KRaftVersion = 5,

    /// <summary>The quorum's voters (KIP-853).</summary>
    KRaftVoters = 6,
}
