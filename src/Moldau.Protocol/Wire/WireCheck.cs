using System.Buffers.Binary;
using System.Text.Unicode;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol;

/// <summary>
/// Walks over the bytes of a message before anything is made of them. What is wrong is found here, with the field's path, and costs no memory
/// whatever lengths the bytes claim; the reading that follows cannot fail.
/// </summary>
/// <remarks>
/// Stricter than Kafka, which reads on in these cases: a length below -1 for null; tags out of order or twice; a tagged field whose size is not what
/// it took; a varint of more than 32 bits; text that is not UTF-8.
/// </remarks>
internal ref struct WireCheck
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly List<WireLength>? lengths;
    private int at;
    private int end;
    private int start;
    private string reason = "";
    private bool kafkaReadsOn;
    private string path = "";

    private WireCheck(ReadOnlySpan<byte> bytes, List<WireLength>? lengths)
    {
        this.bytes = bytes;
        this.lengths = lengths;
        end = bytes.Length;
    }

    /// <summary>Checks one message at the beginning of <paramref name="bytes"/>; what follows it is not looked at.</summary>
    /// <param name="schema">The message.</param>
    /// <param name="version">A version it has.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="position">Where they begin in what is read; errors count from there.</param>
    /// <param name="lengths">Receives every length, for tests that spoil them.</param>
    /// <exception cref="WireFormatException">They are not such a message.</exception>
    public static void Run(MessageSchema schema, short version, ReadOnlySpan<byte> bytes, int position = 0, List<WireLength>? lengths = null)
    {
        var check = new WireCheck(bytes, lengths);
        if (!check.Walk(schema.Layout(version))) throw new WireFormatException(schema.Name + check.path, check.reason, position + check.start, check.kafkaReadsOn);
    }

    private bool Walk(WireLayout layout)
    {
        foreach (WireStep step in layout.Steps)
        {
            if (step.Kind == WireStepKind.Fixed)
            {
                if (end - at < step.Size) return FailFixed(step);
                at += step.Size;
            }
            else if (!Walk(step)) return false;
        }

        return true;
    }

    private bool Walk(WireStep step)
    {
        if (step.Kind == WireStepKind.Tags) return WalkTags(step);
        bool good = step.Kind switch
        {
            WireStepKind.Fixed => end - at >= step.Size ? Skip(step.Size) : Fail(at, $"{step.Size} bytes needed, {end - at} left"),
            WireStepKind.Text => Text(step.Compact, step.Nullable),
            WireStepKind.Bytes => Length(step, out int length) && Skip(Math.Max(length, 0)),
            WireStepKind.FixedArray => Count(step, step.Size, out int count) && Skip(Math.Max(count, 0) * step.Size),
            WireStepKind.TextArray => TextArray(step),
            WireStepKind.StructArray => StructArray(step),
            WireStepKind.NullableStruct => Presence(step, out bool present) && (!present || Walk(step.Inner!)),
            _ => Walk(step.Inner!),
        };
        return good || Within(step.Fields[0]);
    }

    private bool StructArray(WireStep step)
    {
        if (!Count(step, step.Inner!.MinSize, out int count)) return false;
        for (int i = 0; i < count; i++)
        {
            if (!Walk(step.Inner)) return AtIndex(i);
        }

        return true;
    }

    private bool TextArray(WireStep step)
    {
        if (!Count(step, step.Compact ? 1 : 2, out int count)) return false;
        for (int i = 0; i < count; i++)
        {
            if (!Text(step.Compact, false)) return AtIndex(i);
        }

        return true;
    }

    private bool WalkTags(WireStep step)
    {
        int began = at;
        if (!ReadVarint(WireLengthKind.Tags, out uint count)) return Named(".tags");
        // A tag takes two bytes at least: its number and its size.
        if (count > (uint)(end - at) / 2) return Fail(began, $"{count} tagged fields, {end - at} bytes left") || Named(".tags");
        long last = -1;
        for (uint i = 0; i < count; i++)
        {
            if (!WalkTag(step, ref last)) return false;
        }

        return true;
    }

    private bool WalkTag(WireStep step, ref long last)
    {
        int began = at;
        if (!ReadVarint(null, out uint tag)) return Named(".tags");
        if (tag > int.MaxValue || tag <= last) return FailStrictly(began, $"tag {tag} after tag {last}") || Named(".tags");
        last = tag;
        int sizeAt = at;
        if (!ReadVarint(WireLengthKind.TagSize, out uint size)) return Named($".tags[{tag}]");
        if (size > (uint)(end - at)) return FailStrictly(sizeAt, $"size {size}, {end - at} bytes left") || Named($".tags[{tag}]");
        foreach ((int known, WireStep field) in step.Tagged)
        {
            if (known != tag) continue;
            int outer = end;
            end = at + (int)size;
            if (!Walk(field)) return false;
            if (at != end) return FailStrictly(sizeAt, $"size {size}, and the field took {size - (uint)(end - at)}") || Named("." + field.Fields[0].PropertyName);
            end = outer;
            return true;
        }

        return Skip((int)size);
    }

    private bool Text(bool compact, bool nullable)
    {
        int began = at;
        if (!ReadLength(compact ? WireLengthKind.CompactText : WireLengthKind.Text, out int length)) return false;
        if (length < 0) return (length == -1 && nullable) || FailLength(began, length);
        if (length > Limits.StringBytes) return Fail(began, $"{length} bytes, more than {Limits.StringBytes}");
        if (length > end - at) return Fail(began, $"{length} bytes, {end - at} left");
        if (!Utf8.IsValid(bytes.Slice(at, length))) return FailStrictly(began, "not UTF-8");
        return Skip(length);
    }

    private bool Count(WireStep step, int minSize, out int count)
    {
        int began = at;
        if (!Length(step, out count)) return false;
        // Elements of no bytes would let a few bytes claim any number of them.
        return (long)count * Math.Max(minSize, 1) <= end - at || Fail(began, $"{count} elements of at least {minSize} bytes, {end - at} bytes left");
    }

    private bool Length(WireStep step, out int length)
    {
        int began = at;
        if (!ReadLength(step.Compact ? WireLengthKind.Compact : WireLengthKind.Int32, out length)) return false;
        if (length < 0) return (length == -1 && step.Nullable) || FailLength(began, length);
        return length <= end - at || Fail(began, $"length {length}, {end - at} bytes left");
    }

    private bool ReadLength(WireLengthKind kind, out int length)
    {
        length = 0;
        if (kind is WireLengthKind.Compact or WireLengthKind.CompactText)
        {
            if (!ReadVarint(kind, out uint raw)) return false;
            length = (int)(raw - 1);
            return true;
        }

        int size = kind == WireLengthKind.Text ? sizeof(short) : sizeof(int);
        if (end - at < size) return Fail(at, $"a length of {size} bytes needed, {end - at} left");
        length = size == sizeof(short) ? BinaryPrimitives.ReadInt16BigEndian(bytes[at..]) : BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
        lengths?.Add(new WireLength(at, size, kind, length, end));
        return Skip(size);
    }

    private bool ReadVarint(WireLengthKind? kind, out uint value)
    {
        int used = Varint.TryRead(bytes[at..end], out value);
        if (used < 0) return FailStrictly(at, Varint.Reason(used));
        if (used == 0) return Fail(at, Varint.Reason(used));
        if (kind is { } known) lengths?.Add(new WireLength(at, used, known, known is WireLengthKind.Tags or WireLengthKind.TagSize ? (int)value : (int)(value - 1), end));
        return Skip(used);
    }

    /// <summary>A nullable struct has a byte before it that says whether it is there.</summary>
    private bool Presence(WireStep step, out bool present)
    {
        present = at < end && (sbyte)bytes[at] > step.HighestNull;
        return at < end ? Skip(1) : Fail(at, "1 byte needed, 0 left");
    }

    private bool Skip(int count)
    {
        at += count;
        return true;
    }

    private bool Fail(int where, string why)
    {
        start = where;
        reason = why;
        // Kafka does not hold a tagged field to its size: where that ends too early, it reads on.
        kafkaReadsOn |= end != bytes.Length;
        return false;
    }

    private bool FailStrictly(int where, string why)
    {
        kafkaReadsOn = true;
        return Fail(where, why);
    }

    private bool FailLength(int where, int length) =>
        length == -1 ? Fail(where, "null, which the version does not allow") : FailStrictly(where, $"length {length}");

    private bool FailFixed(WireStep step)
    {
        int left = end - at;
        foreach (FieldSchema field in step.Fields)
        {
            int size = WireLayout.SizeOf(field.Kind)!.Value;
            if (left < size) return Fail(at, $"{size} bytes needed, {left} left") || Within(field);
            left -= size;
            at += size;
        }

        throw new InvalidOperationException("the fields fit and their sum did not");
    }

    private bool Within(FieldSchema field) => Named("." + field.PropertyName);

    private bool AtIndex(int index)
    {
        path = $"[{index}]{path}";
        return false;
    }

    private bool Named(string name)
    {
        path = name + path;
        return false;
    }
}

/// <summary>How a length is written.</summary>
internal enum WireLengthKind
{
    /// <summary>int16: text.</summary>
    Text,

    /// <summary>Unsigned varint of the length plus one: text.</summary>
    CompactText,

    /// <summary>int32: bytes, records and arrays.</summary>
    Int32,

    /// <summary>Unsigned varint of the length plus one: bytes, records and arrays.</summary>
    Compact,

    /// <summary>Unsigned varint: how many tagged fields follow.</summary>
    Tags,

    /// <summary>Unsigned varint: the size of a tagged field.</summary>
    TagSize,
}

/// <summary>A length met while checking.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Size">Bytes it takes.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Value">What it says; -1: null.</param>
/// <param name="End">Where the bytes it may claim end.</param>
internal readonly record struct WireLength(int Position, int Size, WireLengthKind Kind, int Value, int End);
