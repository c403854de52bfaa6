using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Directories;
using Moldau.Storage.Indexes;

namespace Moldau.Storage;

/// <summary>
/// A log on its way to another directory (KIP-113): its records are copied into a folder beside, while it is written; once the copy has them all it takes the log's place.
/// Whoever moves it calls <see cref="Step"/> until it ends; what is durable of it does not outlive the node, the next start begins anew. Thread-safe: one step at a time.
/// </summary>
public sealed class LogMove
{
    private readonly Lock gate = new();
    private readonly LogStore store;
    private readonly LogCopy copy;

    internal LogMove(LogStore store, PartitionLog log, LogDirectory target, string folder)
    {
        this.store = store;
        Log = log;
        Target = target;
        copy = new LogCopy(log, target, folder);
    }

    /// <summary>The log.</summary>
    public PartitionLog Log { get; }

    /// <summary>Where it is going.</summary>
    public LogDirectory Target { get; }

    /// <summary>How it ended; <see cref="MoveOutcome.Copied"/> until it has.</summary>
    public MoveOutcome Outcome { get; private set; } = MoveOutcome.Copied;

    /// <summary>Records that the copy does not have yet.</summary>
    public long OffsetLag => Math.Max(0, Log.LogEndOffset - copy.State.End.Offset);

    /// <summary>Bytes of the copy.</summary>
    public long SizeInBytes => copy.SizeInBytes;

    /// <summary>
    /// Copies a piece, or ends the move when there is nothing left to copy: then appends wait for some flushes, so that none of them misses the copy. Blocking. Returns the bytes
    /// copied; look at <see cref="Outcome"/>.
    /// </summary>
    /// <param name="bytesMax">Bytes to copy; a batch is copied whole.</param>
    public int Step(int bytesMax)
    {
        lock (gate)
        {
            if (Outcome != MoveOutcome.Copied) return 0;
            if (Log.State.Closed || Log.Directory.IsOffline || Target.IsOffline) return End(MoveOutcome.Failed);
            try
            {
                int bytes = copy.Continue(bytesMax);
                if (!copy.IsCaughtUp) return bytes;
                if (!LogSwap.Run(store, Log, copy)) return bytes;
                End(MoveOutcome.Moved);
                return bytes;
            }
            catch (IOException damaged) when (damaged is RecordFormatException or IndexException)
            {
                Storage.Log.MoveFailed(store.Logger, damaged, Log.Partition, Target.Path);
            }
            catch (FileNotFoundException)
            {
                // Retention was faster: the next step begins where the log begins now.
                return 0;
            }
            catch (SourceFailedException broken)
            {
                Log.Directory.Fail(broken.InnerException!);
            }
            catch (IOException broken)
            {
                Target.Fail(broken);
            }

            return End(MoveOutcome.Failed);
        }
    }

    /// <summary>Gives the move up; the copy is removed. Nothing if it has ended. Blocking.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (Outcome == MoveOutcome.Copied) End(MoveOutcome.Cancelled);
        }
    }

    /// <summary>Ends it as the node ends: the copy stays, and tells the next start that the move is to begin anew.</summary>
    internal void Abandon()
    {
        lock (gate)
        {
            Outcome = MoveOutcome.Cancelled;
            copy.Close();
        }
    }

    private int End(MoveOutcome outcome)
    {
        Outcome = outcome;
        store.Ended(this);
        if (outcome == MoveOutcome.Moved) return 0;
        // The log may have lost its name where it was when its directory failed: then the next start takes the complete copy for it.
        if (copy.IsComplete) copy.Await();
        else copy.Discard(FolderNames.Deleted(Log.Partition, store.Unique()));
        return 0;
    }
}

/// <summary>How far a move is.</summary>
public enum MoveOutcome
{
    /// <summary>It goes on.</summary>
    Copied,

    /// <summary>The log is in its new directory.</summary>
    Moved,

    /// <summary>It was given up.</summary>
    Cancelled,

    /// <summary>A directory failed, the log is gone, or it holds what cannot be copied.</summary>
    Failed,
}
