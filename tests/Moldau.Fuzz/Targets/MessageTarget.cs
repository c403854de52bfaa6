using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// A message at a version. Bytes are that message or a <see cref="WireFormatException"/>, at memory in proportion to the bytes; what was read is
/// written, and what is written is read and written again the same.
/// </summary>
internal sealed class MessageTarget(MessageSchema schema, short version) : ByteTarget
{
    private const int RandomSamples = 3;

    /// <summary>An element takes one byte on the wire at least and becomes an object with its arrays.</summary>
    private const int BytesPerByte = 400;

    /// <summary>The exception with its path, texts and stack trace.</summary>
    private const int BytesAtLeast = 16 * 1024;

    private static readonly Lazy<ILookup<string, byte[]>> Golden = new(Corpus.GoldenMessages);

    public override string Name => $"{schema.Name}.{version}";

    public override int ExecutionsInCi => 80;

    public override void Run(byte[] input)
    {
        IMessage message = MessageCatalog.Create(schema.Name)!;
        if (!Read(message, input)) return;
        byte[] once = Write(message);
        IMessage again = MessageCatalog.Create(schema.Name)!;
        var reader = new WireReader(once);
        again.Read(ref reader, version);
        if (reader.Remaining > 0) throw new FuzzFindingException($"{reader.Remaining} bytes are left of what was written");
        byte[] twice = Write(again);
        if (!once.AsSpan().SequenceEqual(twice)) throw new FuzzFindingException($"written {Convert.ToHexStringLower(once)}, and once more {Convert.ToHexStringLower(twice)}");
    }

    public override bool IsTaken(byte[] input) => Read(MessageCatalog.Create(schema.Name)!, input);

    protected override IReadOnlyList<byte[]> MakeGood()
    {
        SeededRandom random = FuzzRun.RandomOf(this, 0);
        List<byte[]> samples = [Write(MessageCatalog.Create(schema.Name)!), .. Golden.Value[Name]];
        for (int i = 0; i < RandomSamples; i++) samples.Add(SampleMessage.Bytes(schema, version, random));
        // The first read makes what the type keeps; it is not the input's to pay for.
        foreach (byte[] sample in samples) Decode(MessageCatalog.Create(schema.Name)!, sample);
        return samples;
    }

    private bool Read(IMessage message, byte[] input)
    {
        bool taken = true;
        Bounded(BytesAtLeast + ((long)BytesPerByte * input.Length), () => taken = Decode(message, input));
        return taken;
    }

    private bool Decode(IMessage message, byte[] input)
    {
        try
        {
            var reader = new WireReader(input);
            message.Read(ref reader, version);
            return true;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private byte[] Write(IMessage message)
    {
        using var writer = new WireWriter();
        message.Write(writer, version);
        return writer.ToArray();
    }
}
