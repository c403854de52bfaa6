using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Epochs;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage;

/// <summary>
/// A partition's log. Appends, truncations and changes of state are one at a time, under a lock that is never held across a flush; reads and all
/// properties take no lock. Every method may be called from any thread; none blocks on the disk's device. When the log directory fails, appends
/// and reads answer KAFKA_STORAGE_ERROR from there on.
/// </summary>
public sealed class PartitionLog
{
    // Another one once the log has been moved to another directory. Whoever changes it holds the gates of both.
    private volatile LogState log;
    private ValidationRules? rules;

    internal PartitionLog(LogState log)
    {
        this.log = log;
        log.FlushOnAppend = log.Directory.FlushPolicy == FlushPolicy.Fsync;
        log.Ticket = new FlushTicket(log, this);
    }

    /// <summary>Topic and partition.</summary>
    public TopicPartition Partition => log.Partition;

    /// <summary>The topic's id; zero while it is not known.</summary>
    public Uuid TopicId => log.TopicId;

    /// <summary>The directory the log lies in.</summary>
    public LogDirectory Directory => log.Directory;

    /// <summary>The log's configuration; a new one takes effect with the next append.</summary>
    public LogConfig Config
    {
        get => log.Config;
        set => log.Config = value;
    }

    /// <summary>The first offset that can be read.</summary>
    public Offset LogStartOffset => (Offset)log.LogStartOffset;

    /// <summary>The offset that the next record gets.</summary>
    public Offset LogEndOffset => (Offset)log.End.Offset;

    /// <summary>Everything below it is durable. It is Kafka's recovery point too.</summary>
    public Offset FlushedOffset => (Offset)log.Flushed.Offset;

    /// <summary>Everything below it is replicated, as the broker last said.</summary>
    public Offset HighWatermark => (Offset)log.HighWatermark;

    /// <summary>Everything below it is replicated and, where it belongs to a transaction, decided.</summary>
    public Offset LastStableOffset => (Offset)log.LastStableOffset;

    /// <summary>The newest leader epoch in the log; -1 when there is none.</summary>
    public LeaderEpoch LatestEpoch => log.Epochs.Latest;

    /// <summary>The leader epochs in the log and where each begins.</summary>
    public IReadOnlyList<EpochStart> Epochs => log.Epochs.Entries;

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            long bytes = 0;
            foreach (LogSegment segment in log.Segments) bytes += segment.Size;
            return bytes;
        }
    }

    /// <summary>Segments.</summary>
    public int SegmentCount => log.Segments.Length;

    /// <summary>
    /// Whether each append asks for a flush. True by default under <see cref="FlushPolicy.Fsync"/>; an owner whose durability is replication
    /// turns it off.
    /// </summary>
    public bool FlushOnAppend
    {
        get => log.FlushOnAppend;
        set => log.FlushOnAppend = value;
    }

    internal LogState State => log;

    /// <summary>
    /// Appends what a Produce request (or a coordinator) holds for the partition. The batch is validated outside the lock, patched in place
    /// (offset, leader epoch, append time) and written as it came, with one write.
    /// </summary>
    /// <remarks>Errors: those of <see cref="ProduceValidator"/>, OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE,
    /// TRANSACTION_COORDINATOR_FENCED, NOT_LEADER_OR_FOLLOWER when the log was closed, KAFKA_STORAGE_ERROR.</remarks>
    public AppendResult AppendAsLeader(Memory<byte> records, in AppendContext context)
    {
        ProduceFailure? failure = ProduceValidator.Validate(
            records, RulesOf(log.Config), context.ProduceVersion, context.Origin, log.Directory.NowMs, out ValidatedBatch batch);
        if (failure is not null) return AppendResult.Fail(failure, LogStartOffset);
        AppendResult result;
        bool rolled;
        using (batch)
        {
            try
            {
                LogState used;
                // A log that was moved just now closed where it was: the batch goes to where it is.
                do result = LeaderAppend.Append(used = log, batch, context, out rolled);
                while (result.Error == ErrorCode.NotLeaderOrFollower && used != log);
            }
            catch (RecordFormatException damaged)
            {
                return AppendResult.Fail(ErrorCode.InvalidRecord, damaged.Message, LogStartOffset);
            }
            catch (IOException broken)
            {
                return Offline(broken);
            }
        }

        if (result.Error == ErrorCode.None && !result.IsDuplicate) AfterAppend(rolled);
        return result;
    }

    /// <summary>
    /// Appends batches that have their offsets and epochs: a follower's fetched records, or those of the metadata quorum. Several batches, one
    /// write; a batch torn at the end is left out.
    /// </summary>
    /// <exception cref="RecordFormatException">A batch is damaged or offsets do not rise. Nothing was appended.</exception>
    /// <exception cref="UnexpectedAppendOffsetException">The first offset is below the log's end. Nothing was appended.</exception>
    public AppendResult AppendAsFollower(ReadOnlyMemory<byte> records)
    {
        ReplicatedRecords found = ReplicatedRecords.Scan(records.Span);
        AppendResult result;
        bool rolled;
        try
        {
            LogState used;
            do result = FollowerAppend.Append(used = log, records[..found.ValidBytes], found, out rolled);
            while (result.Error == ErrorCode.NotLeaderOrFollower && used != log);
        }
        catch (IOException broken) when (broken is not UnexpectedAppendOffsetException and not RecordFormatException)
        {
            return Offline(broken);
        }

        if (result.Error == ErrorCode.None && found.BatchCount > 0) AfterAppend(rolled);
        return result;
    }

    /// <summary>Batches from an offset on, below an upper bound (the high watermark, the last stable offset, or the log's end).</summary>
    /// <param name="from">The first offset wanted; the batch that holds it is given whole.</param>
    /// <param name="bytesMax">Bytes to give; the region may end inside a batch.</param>
    /// <param name="upperBound">No record at or behind it is given.</param>
    /// <param name="atLeastOneBatch">Give the first batch even if it is larger.</param>
    public LogReadResult Read(Offset from, int bytesMax, Offset upperBound, bool atLeastOneBatch) => GuardedReads.Read(this, from, bytesMax, upperBound, atLeastOneBatch);

    /// <summary>Bytes of batches from one offset to another: what a fetch with a minimum waits for.</summary>
    public long BytesBetween(Offset from, Offset to) => GuardedReads.Run(this, state => LogReader.BytesBetween(state, from, to), 0);

    /// <summary>The aborted transactions that a read_committed consumer must know to read a range.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedTransactions(Offset from, Offset upperBound) =>
        GuardedReads.Run<IReadOnlyList<AbortedTransaction>>(this, state => LogReader.Aborted(state, from, upperBound), []);

    /// <summary>The same for what a read gave from an offset on.</summary>
    public IReadOnlyList<AbortedTransaction> AbortedTransactions(Offset from, in LogReadResult read)
    {
        if (read.SizeInBytes == 0) return [];
        LogReadResult copy = read;
        return GuardedReads.Run<IReadOnlyList<AbortedTransaction>>(this, state => LogReader.Aborted(state, from, copy), []);
    }

    /// <summary>ListOffsets -2: the first offset, without a timestamp.</summary>
    public TimestampedOffset EarliestOffset => new(-1, LogStartOffset, log.Epochs.EpochAt(log.LogStartOffset));

    /// <summary>ListOffsets by timestamp: the first record at or after it; null when there is none.</summary>
    public TimestampedOffset? OffsetForTimestamp(long timestampMs) => GuardedReads.Run<TimestampedOffset?>(this, state => OffsetSearch.AtOrAfter(state, timestampMs), null);

    /// <summary>ListOffsets -3: the first record with the largest timestamp; null when the log has none.</summary>
    public TimestampedOffset? OffsetOfMaxTimestamp() => GuardedReads.Run<TimestampedOffset?>(this, static state => OffsetSearch.Latest(state), null);

    /// <summary>OffsetForLeaderEpoch: the end of an epoch, and the epoch of the log that the answer is for; null when the log cannot tell.</summary>
    public EpochStart? EndOffsetForEpoch(LeaderEpoch epoch) => log.Epochs.EndOffset(epoch, log.End.Offset);

    /// <summary>The epoch an offset was written in; -1 when it is not known.</summary>
    public LeaderEpoch EpochForOffset(Offset offset) => log.Epochs.EpochAt(offset);

    /// <summary>Notes that this node leads in an epoch that begins at the log's end.</summary>
    public void AssignEpoch(LeaderEpoch epoch)
    {
        using HeldLog held = Hold();
        held.State.Epochs.Assign(epoch, held.State.End.Offset);
        held.State.Touched |= held.State.Epochs.Dirty;
    }

    /// <summary>Gives the log its topic's id, in a folder that has none yet; written now, durable with the next flush.</summary>
    /// <exception cref="LogUnavailableException">The log is closed or its directory is offline.</exception>
    public void AssignTopicId(Uuid topicId) => Locked(_ =>
    {
        Invariant.That(log.TopicId == Uuid.Zero || log.TopicId == topicId);
        if (log.TopicId == topicId) return false;
        Checkpoints.PartitionMetadataFile.Write(log.Files, log.Folder, topicId);
        log.TopicId = topicId;
        log.TopicIdUnflushed = log.NamesUnflushed = log.Touched = true;
        return true;
    });

    /// <summary>Sets the high watermark, within the log.</summary>
    public void SetHighWatermark(Offset offset)
    {
        using HeldLog held = Hold();
        held.State.SetHighWatermark(offset);
    }

    /// <summary>
    /// DeleteRecords: raises the log's first offset. OFFSET_OUT_OF_RANGE behind the high watermark. A crash may take it back until <see cref="PersistLogStart"/> has
    /// returned.
    /// </summary>
    public ErrorCode DeleteRecords(Offset before)
    {
        if (log.Directory.IsOffline) return ErrorCode.KafkaStorageError;
        using HeldLog held = Hold();
        if (before > held.State.HighWatermark) return ErrorCode.OffsetOutOfRange;
        if (before <= held.State.LogStartOffset) return ErrorCode.None;
        LogRetention.RaiseStart(held.State, before);
        held.State.Directory.LogStartsChanged = true;
        return ErrorCode.None;
    }

    /// <summary>Makes the log's first offset durable and removes the segments below it. Blocking. KAFKA_STORAGE_ERROR when the directory fails.</summary>
    public ErrorCode PersistLogStart()
    {
        try
        {
            if (!log.Directory.Planted.ForgetsDeletedRecords) log.Directory.SaveLogStarts();
            // First the offset, then the files: a crash in between leaves files that the next start knows to be below the log's start.
            using (HeldLog _ = HoldSegments()) Locked(now => LogRetention.RemoveBelowStart(log, now));
            return ErrorCode.None;
        }
        catch (LogUnavailableException)
        {
            return log.Directory.IsOffline ? ErrorCode.KafkaStorageError : ErrorCode.NotLeaderOrFollower;
        }
        catch (IOException broken)
        {
            log.Directory.Fail(broken);
            return ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>
    /// Removes everything from an offset on: a follower that strayed from its leader. False when nothing was there. Blocking when it cuts below what
    /// a checkpoint says is durable, since that has to be taken back first.
    /// </summary>
    /// <exception cref="LogUnavailableException">The log is closed or its directory is offline.</exception>
    public bool TruncateTo(Offset offset) => Truncate(offset, now => LogTruncation.TruncateTo(log, offset, now));

    /// <summary>Removes everything; the log goes on at an offset. Blocking as <see cref="TruncateTo"/> is.</summary>
    /// <exception cref="LogUnavailableException">The log is closed or its directory is offline.</exception>
    public void TruncateFullyAndStartAt(Offset offset) => Truncate(Offset.Zero, now =>
    {
        LogTruncation.TruncateFully(log, offset, now);
        return true;
    });

    /// <summary>Removes segments that retention no longer keeps. Returns how many.</summary>
    public int DeleteOldSegments()
    {
        using HeldLog held = HoldSegments();
        return Locked(now => LogRetention.Run(log, now));
    }

    /// <summary>Closes the active segment and begins another, if it holds anything.</summary>
    public void Roll() => Locked(now => LogRoll.Roll(log, log.End.Offset, now));

    /// <summary>Asks for everything appended so far to be made durable; <see cref="ILogListener.Flushed"/> tells when it is.</summary>
    public void RequestFlush() => Request(log, FlushScope.All);

    /// <summary>The producers the log knows, by id.</summary>
    public IReadOnlyList<ProducerInfo> ActiveProducers()
    {
        using HeldLog held = Hold();
        return Array.ConvertAll(held.State.Producers.Ordered(), static producer => new ProducerInfo(
            producer.Id, producer.Epoch, producer.LastSequence, producer.LastTimestampMs, producer.CoordinatorEpoch, (Offset)producer.TransactionStart));
    }

    /// <summary>Whether a producer has a transaction open in the partition.</summary>
    public bool HasOngoingTransaction(ProducerId producer)
    {
        using HeldLog held = Hold();
        return held.State.Producers.Find(producer) is { TransactionStart: >= 0 };
    }

    public override string ToString() => log.Partition.ToString();

    private void AfterAppend(bool rolled)
    {
        GroupCommitRequest(rolled);
        log.Directory.Listener.Appended(this);
    }

    private void GroupCommitRequest(bool rolled)
    {
        LogState now = log;
        if (now.FlushOnAppend || now.End.Offset - now.Flushed.Offset >= now.Config.FlushMessages) Request(now, FlushScope.All);
        else if (rolled) Request(now, FlushScope.Rolled);
    }

    private static void Request(LogState log, FlushScope scope) => log.Directory.Commits.Request(log.Ticket, scope);

    // A log that moves has another state, and another gate, afterwards.
    private HeldLog Hold() => Hold(static state => state.Gate);

    private HeldLog HoldSegments() => Hold(static state => state.SwapGate);

    private HeldLog Hold(Func<LogState, Lock> gate)
    {
        while (true)
        {
            LogState now = log;
            var held = new HeldLog(now, gate(now));
            if (now == log) return held;
            held.Dispose();
        }
    }

    /// <summary>Goes on in another directory. Called with the gates of both states, when the new one holds all that the old one does.</summary>
    internal void ContinueIn(LogState next)
    {
        Invariant.That(next.End.Offset == log.End.Offset);
        next.Ticket = new FlushTicket(next, this);
        log = next;
    }

    private ProduceValidationOptions RulesOf(LogConfig config)
    {
        ValidationRules? known = rules;
        if (known is null || !ReferenceEquals(known.Config, config)) rules = known = new ValidationRules(config);
        return known.Options;
    }

    // The one place where a failed write or read is caught: the directory goes offline.
    private AppendResult Offline(IOException broken)
    {
        log.Directory.Fail(broken);
        return AppendResult.Fail(ErrorCode.KafkaStorageError, broken.Message, LogStartOffset);
    }

    private bool Truncate(long offset, Func<long, bool> cut)
    {
        using HeldLog unswapped = HoldSegments();
        // No flush may finish in between and raise the mark again.
        lock (log.FlushGate)
        {
            if (Locked(_ => LogTruncation.LowerFlushed(log, offset)))
                Locked(_ => true, beforehand: log.Directory.WriteRecoveryPoints);
            // What is written in place of what is cut is dirty again.
            if (log.CleanedTo > offset)
            {
                log.CleanedTo = offset;
                Locked(_ => true, beforehand: log.Directory.WriteCleanedOffsets);
            }

            return Locked(cut);
        }
    }

    private T Locked<T>(Func<long, T> change, Action? beforehand = null)
    {
        try
        {
            beforehand?.Invoke();
            using HeldLog held = Hold();
            if (held.State.Closed || held.State.Directory.IsOffline) throw new LogUnavailableException(held.State.Partition);
            return change(held.State.Directory.NowMs);
        }
        catch (IOException broken) when (broken is not LogUnavailableException)
        {
            log.Directory.Fail(broken);
            throw new LogUnavailableException(log.Partition, broken);
        }
    }
}
