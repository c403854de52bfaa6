using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>Raft's own records as they stand in the metadata log and in snapshots.</summary>
internal static class ControlRecords
{
    /// <summary>One batch of control records.</summary>
    public static byte[] Encode(long baseOffset, int epoch, long timestampMs, IReadOnlyList<ControlRecord> records)
    {
        using var builder = new RecordBatchBuilder(Options(baseOffset, epoch));
        foreach (ControlRecord record in records)
        {
            (ControlRecordType type, IMessage message) = ToMessage(record);
            Append(builder, timestampMs, type, message);
        }

        return builder.BuildArray();
    }

    /// <summary>Options of a control batch.</summary>
    public static RecordBatchOptions Options(long baseOffset, int epoch) =>
        new() { BaseOffset = (Offset)baseOffset, LeaderEpoch = (LeaderEpoch)epoch, IsControl = true };

    /// <summary>Appends one control record; its messages carry their version themselves, so no frame goes around them.</summary>
    public static void Append(RecordBatchBuilder builder, long timestampMs, ControlRecordType type, IMessage message)
    {
        using var writer = new WireWriter();
        message.Write(writer, 0);
        builder.AppendControl(timestampMs, type, writer.ToArray());
    }

    /// <summary>What the batch says of kraft.version and voters; null where it says nothing.</summary>
    /// <exception cref="WireFormatException">A record is not what its type says.</exception>
    /// <exception cref="RecordFormatException">The batch is damaged.</exception>
    public static BatchOutline Outline(ReadOnlyMemory<byte> batch)
    {
        var header = new RecordBatchHeader(batch.Span);
        var outline = new BatchOutline(header.BaseOffset, header.LastOffset, header.LeaderEpoch, batch.Length);
        if (!header.IsControl) return outline;
        foreach (Record record in RecordReader.Open(batch))
        {
            outline = record.ControlType switch
            {
                ControlRecordType.KRaftVersion => outline with { KRaftVersion = Read<KRaftVersionRecord>(record).KRaftVersion },
                ControlRecordType.KRaftVoters => outline with { Voters = VoterSets.FromRecord(Read<VotersRecord>(record)) },
                _ => outline,
            };
        }

        return outline;
    }

    /// <summary>The message of a control record.</summary>
    public static T Read<T>(in Record record) where T : IMessage, new()
    {
        var message = new T();
        var reader = new WireReader(record.Value.Memory);
        message.Read(ref reader, 0);
        return message;
    }

    // Version 0 of the leader change, without directory ids, is what Kafka writes at kraft.version 1 too.
    private static (ControlRecordType, IMessage) ToMessage(ControlRecord record)
    {
        switch (record)
        {
            case LeaderChangeRecord change:
                var message = new LeaderChangeMessage { LeaderId = change.LeaderId };
                message.Voters.AddRange(change.Voters.Select(id => new LeaderChangeMessage.Voter { VoterId = id }));
                message.GrantingVoters.AddRange(change.GrantingVoters.Select(id => new LeaderChangeMessage.Voter { VoterId = id }));
                return (ControlRecordType.LeaderChange, message);
            case KRaftVersionChange version: return (ControlRecordType.KRaftVersion, new KRaftVersionRecord { KRaftVersion = version.Level });
            case VotersChange voters: return (ControlRecordType.KRaftVoters, VoterSets.ToRecord(voters.Voters));
            default: throw new InvariantViolationException($"{record.GetType().Name} is no control record");
        }
    }
}
