using Moldau.Protocol.Messages;

namespace Moldau.Protocol;

/// <summary>What a step of a layout checks.</summary>
internal enum WireStepKind
{
    /// <summary>Fields of fixed size, neighbours taken together.</summary>
    Fixed,
    Text,
    Bytes,
    FixedArray,
    TextArray,
    StructArray,
    Struct,
    NullableStruct,
    Tags,
}

/// <summary>One step of a layout.</summary>
/// <param name="kind">What is checked.</param>
/// <param name="fields">The fields it covers: one, but for <see cref="WireStepKind.Fixed"/>; none for <see cref="WireStepKind.Tags"/>.</param>
internal sealed class WireStep(WireStepKind kind, List<FieldSchema> fields)
{
    public WireStepKind Kind { get; } = kind;

    public List<FieldSchema> Fields { get; } = fields;

    /// <summary>Bytes of a fixed step, or of an element of a fixed array.</summary>
    public int Size { get; set; }

    public bool Compact { get; init; }

    public bool Nullable { get; init; }

    /// <summary>The highest value of the byte before a nullable struct that means null.</summary>
    public sbyte HighestNull { get; init; }

    /// <summary>The layout of the struct or of the elements.</summary>
    public WireLayout? Inner { get; init; }

    /// <summary>The steps of the known tags, in order of tag.</summary>
    public (int Tag, WireStep Step)[] Tagged { get; init; } = [];

    /// <summary>The fewest bytes it can take.</summary>
    public int MinSize => Kind switch
    {
        WireStepKind.Fixed => Size,
        WireStepKind.Text => Compact ? 1 : 2,
        WireStepKind.Struct => Inner!.MinSize,
        WireStepKind.NullableStruct or WireStepKind.Tags => 1,
        _ => Compact ? 1 : 4,
    };
}

/// <summary>A message or struct at one version, as steps that walk over its bytes. Made once for each version that is read; immutable.</summary>
internal sealed class WireLayout
{
    private WireLayout(List<WireStep> steps)
    {
        Steps = [.. steps];
        MinSize = steps.Sum(step => step.MinSize);
        FixedSize = steps.TrueForAll(step => step.Kind == WireStepKind.Fixed) ? MinSize : null;
    }

    public WireStep[] Steps { get; }

    public int MinSize { get; }

    /// <summary>Its size, where that does not depend on the content.</summary>
    public int? FixedSize { get; }

    public static WireLayout Of(IReadOnlyList<FieldSchema> fields, short version, bool flexible)
    {
        var steps = new List<WireStep>();
        var tagged = new SortedDictionary<int, WireStep>();
        foreach (FieldSchema field in fields)
        {
            if (!field.Versions.Contains(version)) continue;
            WireStep step = StepOf(field, version, flexible);
            if (field.TaggedVersions.Contains(version)) tagged.Add(field.Tag!.Value, step);
            else if (step.Kind == WireStepKind.Fixed && steps.Count > 0 && steps[^1].Kind == WireStepKind.Fixed) Merge(steps[^1], step);
            else steps.Add(step);
        }

        if (flexible) steps.Add(new WireStep(WireStepKind.Tags, []) { Compact = true, Tagged = [.. tagged.Select(pair => (pair.Key, pair.Value))] });
        return new WireLayout(steps);
    }

    public static int? SizeOf(FieldKind kind) => kind switch
    {
        FieldKind.Bool or FieldKind.Int8 => 1,
        FieldKind.Int16 or FieldKind.UInt16 => 2,
        FieldKind.Int32 or FieldKind.UInt32 => 4,
        FieldKind.Int64 or FieldKind.Float64 => 8,
        FieldKind.Uuid => Uuid.Size,
        _ => null,
    };

    private static void Merge(WireStep first, WireStep second)
    {
        first.Fields.AddRange(second.Fields);
        first.Size += second.Size;
    }

    private static sbyte HighestNull(FieldSchema field, short version) => field.TaggedVersions.Contains(version) ? (sbyte)0 : (sbyte)-1;

    private static WireStep StepOf(FieldSchema field, short version, bool flexible)
    {
        bool nullable = field.NullableVersions.Contains(version);
        WireLayout? inner = field.Struct is { } known ? Of(known.Fields, version, flexible) : null;
        int? size = inner is null ? SizeOf(field.Kind) : inner.FixedSize is > 0 ? inner.FixedSize : null;
        WireStepKind kind = field.IsArray
            ? size is not null ? WireStepKind.FixedArray : field.Kind == FieldKind.String ? WireStepKind.TextArray : WireStepKind.StructArray
            : field.Kind switch
            {
                FieldKind.Struct => nullable ? WireStepKind.NullableStruct : WireStepKind.Struct,
                FieldKind.String => WireStepKind.Text,
                FieldKind.Bytes or FieldKind.Records => WireStepKind.Bytes,
                _ => WireStepKind.Fixed,
            };
        return new WireStep(kind, [field]) { Size = size ?? 0, Compact = flexible && field.FlexibleText is null, Nullable = nullable, Inner = inner, HighestNull = HighestNull(field, version) };
    }
}
