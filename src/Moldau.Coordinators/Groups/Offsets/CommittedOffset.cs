using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Offsets;

/// <summary>A committed offset of one partition.</summary>
/// <param name="Offset">The next offset to read. Kafka accepts any number, -1 included.</param>
/// <param name="LeaderEpoch">Leader epoch of the last record read; -1 if unknown.</param>
/// <param name="Metadata">The client's own note; never null.</param>
/// <param name="CommitTimestampMs">When it was committed.</param>
/// <param name="ExpireTimestampMs">When it expires, if the client asked for its own retention time; else -1.</param>
/// <param name="TopicId">The topic's id when it was committed; zero if unknown.</param>
/// <param name="RecordOffset">Where in the log the record is; -1 before it is written.</param>
internal sealed record CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long CommitTimestampMs, long ExpireTimestampMs, Uuid TopicId, long RecordOffset = -1)
{
    public const long NoExpireTimestamp = -1;

    public static CommittedOffset FromRecord(OffsetCommitValue value, long recordOffset) => new(
        value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp, value.TopicId, recordOffset);

    /// <summary>Whether the offset is of another topic of the same name, made after the first was deleted.</summary>
    public bool IsOfAnotherTopic(Uuid topicId) => TopicId != Uuid.Zero && topicId != Uuid.Zero && TopicId != topicId;
}
