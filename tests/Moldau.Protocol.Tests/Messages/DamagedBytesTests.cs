using System.Buffers.Binary;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

/// <summary>What is cut off or claims a wrong length is refused with the field's path, at no more memory than the exception takes.</summary>
public sealed class DamagedBytesTests
{
    /// <summary>Bytes beyond four times the input: the exception with its texts and stack trace.</summary>
    private const int ExceptionBytes = 6000;

    /// <summary>Longer messages are cut at so many places, and at every place near their ends.</summary>
    private const int CutsMax = 1000;

    [Fact]
    public void Every_prefix_of_every_golden_case_is_refused_at_a_named_field() => CutAll(Facts.Golden());

    [Fact]
    public void Every_prefix_of_the_sample_is_refused_at_a_named_field() => CutAll(Facts.Sample());

    [Fact]
    public void Every_wrong_length_in_every_golden_case_is_refused_at_a_named_field() => SpoilAll(Facts.Golden());

    [Fact]
    public void Every_wrong_length_in_the_sample_is_refused_at_a_named_field() => SpoilAll(Facts.Sample());

    private static void CutAll(string folder)
    {
        int tried = 0;
        foreach ((MessageSchema schema, short version, byte[] bytes) in GoldenLines.Messages(folder))
        {
            WireCheck.Run(schema, version, bytes);
            int step = Math.Max(1, bytes.Length / CutsMax);
            for (int length = 0; length < bytes.Length; length += length < 100 || length > bytes.Length - 100 ? 1 : step)
            {
                Refused(schema, version, bytes.AsMemory(0, length));
                tried++;
            }
        }

        Assert.True(tried > 0, $"no case in {folder}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} prefixes");
    }

    private static void SpoilAll(string folder)
    {
        int tried = 0;
        var lengths = new List<WireLength>();
        foreach ((MessageSchema schema, short version, byte[] bytes) in GoldenLines.Messages(folder))
        {
            lengths.Clear();
            WireCheck.Run(schema, version, bytes, 0, lengths);
            foreach (WireLength length in lengths)
            {
                long remaining = length.End - length.Position - length.Size;
                foreach (long wrong in new[] { -2, int.MaxValue, remaining + 1 })
                {
                    if (Encode(length.Kind, wrong) is not { } encoded) continue;
                    byte[] spoiled = [.. bytes.AsSpan(0, length.Position), .. encoded, .. bytes.AsSpan(length.Position + length.Size)];
                    Refused(schema, version, spoiled);
                    tried++;
                }
            }
        }

        Assert.True(tried > 0, $"no case in {folder}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} lengths");
    }

    /// <summary>The length as its kind is written; null where the kind cannot hold it.</summary>
    private static byte[]? Encode(WireLengthKind kind, long length)
    {
        byte[] bytes = new byte[5];
        switch (kind)
        {
            case WireLengthKind.Text:
                if (length > short.MaxValue) return null;
                BinaryPrimitives.WriteInt16BigEndian(bytes, (short)length);
                return bytes[..2];
            case WireLengthKind.Int32:
                BinaryPrimitives.WriteInt32BigEndian(bytes, (int)length);
                return bytes[..4];
            default:
                bool plain = kind is WireLengthKind.Tags or WireLengthKind.TagSize;
                return bytes[..Varint.Write(bytes, (uint)(plain ? length : length + 1))];
        }
    }

    private static void Refused(MessageSchema schema, short version, ReadOnlyMemory<byte> bytes)
    {
        IMessage message = MessageCatalog.Create(schema.Name)!;
        WireFormatException? refusal = null;
        Action read = () =>
        {
            refusal = null;
            try
            {
                var reader = new WireReader(bytes);
                message.Read(ref reader, version);
            }
            catch (WireFormatException error)
            {
                refusal = error;
            }
        };
        long most = (4L * bytes.Length) + ExceptionBytes;
        long taken = Allocation.Of(read, most);
        if (refusal is null) Assert.Fail($"{schema.Name} v{version} reads {Convert.ToHexStringLower(bytes.Span)}");
        if (!refusal.FieldPath.StartsWith(schema.Name + ".", StringComparison.Ordinal)) Assert.Fail($"{schema.Name} v{version}: {refusal.Message}");
        if (taken > most) Assert.Fail($"{schema.Name} v{version}: {taken} bytes taken for {bytes.Length} of input");
    }
}
