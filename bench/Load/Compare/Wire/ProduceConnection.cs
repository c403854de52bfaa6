using System.Net;
using HdrHistogram;
using Moldau.Protocol;

namespace Moldau.Load.Compare.Wire;

/// <summary>Sends one batch again and again, to its partitions in turn, with up to <paramref name="depth"/> requests unanswered.</summary>
internal sealed class ProduceConnection(
    IPEndPoint endPoint, ProduceFrame frame, int[] partitions, int depth, RequestBudget budget, PartitionLedger ledger, LongHistogram? latency,
    ProducerIdentity? producer) : ReplayConnection(endPoint, Copies(frame), Limits.AnswerBytesMax)
{
    private readonly int room = CopiesOf(frame);
    private readonly long[] dueOf = new long[depth];
    private readonly int[] partitionOf = new int[depth];
    private readonly int[] sequences = new int[partitions.Length];
    private SendSchedule schedule = SendSchedule.Saturating;
    private long requests;
    private long answers;
    private bool isSpent;

    public override bool IsDone => isSpent && answers == requests;

    public override long NextDue => schedule.IsSaturating || isSpent || requests - answers == depth ? long.MaxValue : schedule.DueOf(requests);

    /// <summary>Says when requests are meant to be sent, before the first is.</summary>
    public void Follow(SendSchedule times) => schedule = times;

    protected override void Prepare(long now)
    {
        isSpent |= budget.IsSpent(now);
        int length = frame.Bytes.Length;
        for (int copy = 0; copy < room && requests - answers < depth; copy++)
        {
            long due = schedule.IsSaturating ? now : schedule.DueOf(requests);
            if (due > now || !budget.TryTake(now)) return;
            int slot = (int)(requests % depth), turn = (int)(requests % partitions.Length);
            (dueOf[slot], partitionOf[slot]) = (due, partitions[turn]);
            Span<byte> request = Output.AsSpan(copy * length, length);
            frame.Patch(request, (int)requests, partitions[turn]);
            if (producer != null)
            {
                frame.PatchProducer(request, producer, sequences[turn]);
                sequences[turn] += frame.Count;
            }

            requests++;
            OutputEnd += length;
        }
    }

    protected override void Take(ReadOnlySpan<byte> answer, long now)
    {
        (int correlationId, long baseOffset) = ProduceFrame.Read(answer);
        if (correlationId != (int)answers) throw new ReplayException($"answer {correlationId} came where {answers} was due");
        int slot = (int)(answers % depth);
        ledger.Acknowledge(partitionOf[slot], baseOffset, frame.Count);
        latency?.RecordValue(Math.Clamp(now - dueOf[slot], 1, Limits.LatencyTicksMax));
        answers++;
    }

    // Small requests go out together as one send; a large one is sent from where it lies.
    private static int CopiesOf(ProduceFrame frame) => Math.Max(1, Limits.CoalescedBytes / frame.Bytes.Length);

    private static byte[] Copies(ProduceFrame frame)
    {
        byte[] copies = new byte[CopiesOf(frame) * frame.Bytes.Length];
        for (int at = 0; at < copies.Length; at += frame.Bytes.Length) frame.Bytes.CopyTo(copies, at);
        return copies;
    }
}
