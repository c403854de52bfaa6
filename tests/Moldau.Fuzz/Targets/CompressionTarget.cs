using System.Text;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Fuzz.Targets;

/// <summary>A codec's bytes: they unfold within the bound or are refused, bombs included.</summary>
internal sealed class CompressionTarget(CompressionType codec) : ByteTarget
{
    private const int UnfoldedBytesMax = 64 * 1024;

    /// <summary>What a codec keeps beside the output: windows and tables, of which the first use of a context makes the most.</summary>
    private const int CodecBytesMax = 12 * 1024 * 1024;

    public override string Name => $"codec-{codec.KafkaName()}";

    public override int ExecutionsInCi => 4_000;

    public override void Run(byte[] input) => IsTaken(input);

    public override bool IsTaken(byte[] input)
    {
        bool taken = true;
        Bounded(CodecBytesMax, () =>
        {
            foreach (bool legacy in new[] { false, true })
            {
                using var target = new PooledBuffer();
                try
                {
                    RecordCompression.Decompress(codec, input, UnfoldedBytesMax, target, legacy);
                }
                catch (RecordFormatException)
                {
                    taken = false;
                }

                if (target.Length > UnfoldedBytesMax) throw new FuzzFindingException($"{target.Length} bytes came out");
            }
        });
        return taken;
    }

    protected override IReadOnlyList<byte[]> MakeGood() =>
        [Compressed(""u8.ToArray()), Compressed(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i % 17} of some text\n")))), Compressed(new byte[UnfoldedBytesMax])];

    /// <summary>Zeros in great number, which all codecs make small: what an attacker sends.</summary>
    public byte[] Bomb(int bytes) => Compressed(new byte[bytes]);

    private byte[] Compressed(byte[] plain)
    {
        using var target = new PooledBuffer();
        RecordCompression.Compress(codec, CompressionLevels.Default(codec), plain, target);
        return target.Span.ToArray();
    }
}
