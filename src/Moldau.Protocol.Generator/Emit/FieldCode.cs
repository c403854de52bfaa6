using System.Globalization;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Generator;

/// <summary>The C# of one field: its type, default and conditions. Conditions that hold at every version of the message fall away.</summary>
internal sealed class FieldCode
{
    private readonly FieldSchema schema;
    private readonly VersionRange valid;

    public FieldCode(FieldSchema schema, MessageSchema message)
    {
        this.schema = schema;
        valid = message.Versions;
        Owner = message.Name;
        bool flexible = schema.FlexibleText is null;
        Compact = flexible ? Condition(message.FlexibleVersions, "flexible") : "false";
        IsNullable = !schema.NullableVersions.Intersect(valid).IsEmpty;
    }

    public FieldSchema Field => schema;

    public string Owner { get; }

    public string Name => schema.PropertyName;

    /// <summary>The expression for "compact encoding at this version".</summary>
    public string Compact { get; }

    public bool IsNullable { get; }

    public bool IsTagged => !schema.TaggedVersions.Intersect(valid).IsEmpty;

    public bool IsStruct => schema.Kind == FieldKind.Struct && !schema.IsArray;

    public bool IsStructArray => schema.Kind == FieldKind.Struct && schema.IsArray;

    /// <summary>Nullable containers keep what they held while they are null, for the next message.</summary>
    public bool HasSpare => IsNullable && (schema.IsArray || schema.Kind == FieldKind.Struct);

    public string Spare => "spare" + Name;

    public string Element => schema.Kind switch
    {
        FieldKind.Bool => "bool",
        FieldKind.Int8 => "sbyte",
        FieldKind.Int16 => "short",
        FieldKind.UInt16 => "ushort",
        FieldKind.Int32 => "int",
        FieldKind.UInt32 => "uint",
        FieldKind.Int64 => "long",
        FieldKind.Float64 => "double",
        FieldKind.Uuid => "global::Moldau.Protocol.Uuid",
        FieldKind.String => "string",
        FieldKind.Bytes => "byte[]",
        FieldKind.Records => "global::Moldau.Protocol.Records",
        _ => $"{Owner}.{schema.Struct!.ClassName}",
    };

    public string BareType => schema.IsArray ? $"MessageArray<{Element}>" : Element;

    public string Type => BareType + (IsNullable && schema.Kind != FieldKind.Records || IsNullable && schema.IsArray ? "?" : "");

    /// <summary>A fresh default value; null where the type's own default serves.</summary>
    public string? Initial
    {
        get
        {
            if (schema.DefaultIsNull || schema.Kind == FieldKind.Records) return null;
            if (schema.IsArray || schema.Kind == FieldKind.Struct) return "new()";
            return schema.Kind switch
            {
                FieldKind.String => Quote(schema.Default ?? ""),
                FieldKind.Bytes => "[]",
                _ => schema.Default is null ? null : Literal,
            };
        }
    }

    /// <summary>The condition under which the value is not the default.</summary>
    public string IsSet
    {
        get
        {
            if (schema.Kind == FieldKind.Records) return $"!{Name}.IsNull";
            if (schema.DefaultIsNull) return $"{Name} is not null";
            if (schema.IsArray) return IsNullable ? $"{Name} is not {{ Count: 0 }}" : $"{Name}.Count != 0";
            return schema.Kind switch
            {
                FieldKind.Struct => IsNullable ? $"{Name}?.IsDefault() != true" : $"!{Name}.IsDefault()",
                FieldKind.Bytes => IsNullable ? $"{Name} is not {{ Length: 0 }}" : $"{Name}.Length != 0",
                FieldKind.String => $"{Name} != {Quote(schema.Default ?? "")}",
                FieldKind.Bool => Literal == "true" ? $"!{Name}" : Name,
                FieldKind.Uuid => $"{Name} != default",
                _ => $"{Name} != {Literal}",
            };
        }
    }

    /// <summary>The statement that sets the default.</summary>
    public string Reset
    {
        get
        {
            if (schema.DefaultIsNull) return HasSpare ? $"({Spare}, {Name}) = ({Name} ?? {Spare}, null);" : $"{Name} = null;";
            if (schema.IsArray && IsNullable) return $"({Name} ??= {Spare} ?? new()).Clear();";
            if (schema.IsArray) return $"{Name}.Clear();";
            if (schema.Kind == FieldKind.Struct) return IsNullable ? $"({Name} ??= {Spare} ?? new()).Reset();" : $"{Name}.Reset();";
            return $"{Name} = {Initial ?? "default"};";
        }
    }

    /// <summary>"The version has the field"; <c>true</c> when all do.</summary>
    public string Present => Condition(schema.Versions);

    /// <summary>"The version has it in the tagged section".</summary>
    public string Tagged => Condition(schema.TaggedVersions);

    /// <summary>"The version allows null".</summary>
    public string Nullable => Condition(schema.NullableVersions.Intersect(schema.Versions));

    public bool IsAlwaysPresent => schema.Versions.Covers(valid);

    /// <summary>Whether null is allowed wherever the field is.</summary>
    public bool IsAlwaysNullable => schema.NullableVersions.Covers(schema.Versions.Intersect(valid));

    public string Condition(VersionRange range) => Condition(range, null);

    private string Literal
    {
        get
        {
            string text = schema.Default is { } given && given != "null" ? given : (schema.Kind == FieldKind.Bool ? "false" : "0");
            // int.MinValue and long.MinValue are legal as written; hexadecimal of the top bit is not used.
            return schema.Kind is FieldKind.Int64 ? text + "L" : text;
        }
    }

    private string Condition(VersionRange range, string? alias)
    {
        VersionRange some = range.Intersect(valid);
        if (some.IsEmpty) return "false";
        if (range.Covers(valid)) return "true";
        if (alias is not null) return alias;
        bool low = some.Lowest > valid.Lowest;
        bool high = some.Highest < valid.Highest;
        string above = "version >= " + some.Lowest.ToString(CultureInfo.InvariantCulture);
        string below = "version <= " + some.Highest.ToString(CultureInfo.InvariantCulture);
        return some.Lowest == some.Highest && low && high ? $"version == {some.Lowest}" : low && high ? $"version is >= {some.Lowest} and <= {some.Highest}" : low ? above : below;
    }

    private static string Quote(string text) => "\"" + text + "\"";
}
