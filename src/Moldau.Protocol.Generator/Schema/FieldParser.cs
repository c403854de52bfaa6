using System.Globalization;

namespace Moldau.Protocol.Messages;

/// <summary>Reads the field lines of one message.</summary>
internal sealed class FieldParser(List<StructSchema> structs)
{
    private readonly List<(FieldSchema Field, SchemaLine Line)> fields = [];

    public List<FieldSchema> ParseFields(List<SchemaLine> lines, ref int at, int indent)
    {
        var list = new List<FieldSchema>();
        while (at < lines.Count && lines[at].Indent >= indent)
        {
            SchemaLine line = lines[at++];
            if (line.Indent != indent) throw line.Error($"indented by {line.Indent}, {indent} expected");
            FieldSchema field = ParseField(line);
            if (list.Exists(other => other.Name == field.Name)) throw line.Error($"{field.Name} stands here twice");
            list.Add(field);
            fields.Add((field, line));
            if (at >= lines.Count || lines[at].Indent <= indent) continue;
            if (field.Kind != FieldKind.Struct) throw line.Error($"{field.Type} has no fields");
            var inline = new StructSchema(field.ElementType, null);
            structs.Add(inline);
            field.DefinesStruct = true;
            field.Struct = inline;
            inline.Fields = ParseFields(lines, ref at, indent + 2);
        }

        return list;
    }

    /// <summary>Finds the struct that each field names, once all are known.</summary>
    public void Resolve()
    {
        var byName = new Dictionary<string, StructSchema>(StringComparer.Ordinal);
        foreach (StructSchema each in structs)
        {
            if (byName.ContainsKey(each.Name)) throw fields[0].Line.Error($"struct {each.Name} is described twice");
            byName.Add(each.Name, each);
        }

        foreach ((FieldSchema field, SchemaLine line) in fields)
        {
            if (field.Kind != FieldKind.Struct || field.Struct is not null) continue;
            field.Struct = byName.TryGetValue(field.ElementType, out StructSchema? known) ? known : throw line.Error($"type {field.ElementType} is not described");
        }
    }

    private static FieldSchema ParseField(SchemaLine line)
    {
        string name = line.Next("the field's name");
        string type = line.Next("the field's type");
        int mark = type.IndexOf('?');
        var field = new FieldSchema(name, mark < 0 ? type : type.Substring(0, mark)) { Comment = line.Comment };
        if (line.TryTake("="))
        {
            string value = line.Next("the default");
            field.Default = value == "\"\"" ? "" : value;
        }

        if (line.TryTake("-")) field.VersionsText = null;
        else if (line.Peek is { } word && char.IsDigit(word[0]))
        {
            field.Versions = line.NextVersions(out string versions);
            field.VersionsText = versions;
        }

        while (!line.AtEnd) ParseFlag(line, field);
        if (field.VersionsText is null)
        {
            if (field.TaggedText is null) throw line.Error("'-' for the versions needs a tag that has them");
            field.Versions = field.TaggedVersions;
        }

        if (mark >= 0) ParseNullable(line, field, type.Substring(mark + 1));
        Check(line, field);
        return field;
    }

    private static void ParseFlag(SchemaLine line, FieldSchema field)
    {
        string flag = line.Next("a flag");
        switch (flag)
        {
            case "tag":
                string tag = line.Next("the tag");
                field.Tag = int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw line.Error($"'{tag}' is not a tag");
                if (line.Peek is { } word && char.IsDigit(word[0]))
                {
                    field.TaggedVersions = line.NextVersions(out string text);
                    field.TaggedText = text;
                }
                else
                {
                    field.TaggedVersions = field.Versions;
                    field.TaggedText = field.VersionsText;
                }

                break;
            case "flexible":
                line.NextVersions(out string flexible);
                if (flexible != "none") throw line.Error("a field can only opt out: 'flexible none'");
                field.FlexibleText = flexible;
                break;
            case "ignorable": field.Ignorable = true; break;
            case "not-ignorable": field.Ignorable = false; break;
            case "key": field.IsMapKey = true; break;
            case "zero-copy": field.IsZeroCopy = true; break;
            case "intern": field.IsInterned = true; break;
            case "bare": field.DefaultIsBare = true; break;
            case "as":
                field.EntityType = line.Next("what the id means");
                field.IsInterned |= field.EntityType is "topicName" or "groupId" or "transactionalId";
                break;
            default: throw line.Error($"'{flag}' is not a flag of a field");
        }
    }

    private static void ParseNullable(SchemaLine line, FieldSchema field, string text)
    {
        field.NullableText = text.Length > 0 ? text : field.VersionsText ?? field.TaggedText;
        field.NullableVersions = VersionRange.TryParse(field.NullableText!, out VersionRange range) ? range : throw line.Error($"'{text}' is not a version range");
    }

    private static void Check(SchemaLine line, FieldSchema field)
    {
        bool nullable = field.IsArray || field.Kind is FieldKind.String or FieldKind.Bytes or FieldKind.Records or FieldKind.Struct;
        if (field.NullableText is not null && !nullable) throw line.Error($"{field.Type} cannot be null");
        if (field.DefaultIsNull && field.NullableText is null) throw line.Error($"{field.Name} is null by default and may never be");
        if (field.IsArray && field.Kind is FieldKind.Bool or FieldKind.Records) throw line.Error($"arrays of {field.ElementType} are not there");
    }
}
