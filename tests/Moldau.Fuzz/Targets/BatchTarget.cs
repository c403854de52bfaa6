using Moldau.Fuzz.Inputs;
using Moldau.Protocol.Batches;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>Batches of every format as a reader meets them: records or a <see cref="RecordFormatException"/>, and never more memory than was allowed.</summary>
internal sealed class BatchTarget : ByteTarget
{
    private const int UnfoldedBytesMax = 256 * 1024;

    public override string Name => "batches";

    public override int ExecutionsInCi => 20_000;

    public override void Run(byte[] input) => IsTaken(input);

    public override bool IsTaken(byte[] input)
    {
        bool taken = true;
        // The pool may hand out an array of twice the size that was asked for, and lets it grow by doubling.
        Bounded((8L * UnfoldedBytesMax) + (200L * input.Length), () =>
        {
            var walk = new RecordBatchEnumerator(input);
            while (walk.MoveNext()) taken &= Read(input.AsMemory(walk.Position, walk.CurrentBytes.Length));
            taken &= walk.State == BatchScan.End;
        });
        return taken;
    }

    protected override IReadOnlyList<byte[]> MakeGood() => SampleBatches.All();

    protected override void Mend(byte[] input, SeededRandom random) => SampleBatches.Mend(input, random);

    private static bool Read(ReadOnlyMemory<byte> batch)
    {
        bool taken = RecordBatch.IsValid(batch.Span);
        long bytes = 0;
        try
        {
            foreach (Record record in RecordReader.Open(batch, decompressedBytesMax: UnfoldedBytesMax))
            {
                bytes += record.Key.Length + record.Value.Length;
                foreach (RecordHeader header in record.Headers) bytes += header.Value.Length;
            }
        }
        catch (RecordFormatException)
        {
            taken = false;
        }

        // Each record takes bytes of what was unfolded, so this bounds their number too.
        if (bytes > UnfoldedBytesMax + (4L * batch.Length)) throw new FuzzFindingException($"{bytes} bytes of records came out");
        return taken;
    }
}
