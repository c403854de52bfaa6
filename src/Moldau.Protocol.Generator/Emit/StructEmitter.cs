using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Generator;

/// <summary>What a message class and its nested struct classes have in common: properties, reading, writing, resetting, JSON.</summary>
internal sealed class StructEmitter
{
    private readonly CodeWriter code;
    private readonly MessageSchema message;
    private readonly string label;
    private readonly string schemaFields;
    private readonly List<FieldCode> fields;
    private readonly List<FieldCode> tagged;
    private readonly string flexible;
    private readonly bool hasTags;

    /// <param name="code">Where it goes.</param>
    /// <param name="message">The message.</param>
    /// <param name="label">The class, as errors name it.</param>
    /// <param name="list">The fields.</param>
    /// <param name="schemaFields">The expression for their schemas at run time.</param>
    public StructEmitter(CodeWriter code, MessageSchema message, string label, IReadOnlyList<FieldSchema> list, string schemaFields)
    {
        this.code = code;
        this.message = message;
        this.label = label;
        this.schemaFields = schemaFields;
        fields = [.. list.Select(field => new FieldCode(field, message))];
        tagged = [.. fields.Where(field => field.IsTagged).OrderBy(field => field.Field.Tag)];
        VersionRange some = message.FlexibleVersions.Intersect(message.Versions);
        hasTags = !some.IsEmpty;
        flexible = !hasTags ? "false" : message.FlexibleVersions.Covers(message.Versions) ? "true" : "flexible";
    }

    public void Properties()
    {
        foreach (FieldCode field in fields)
        {
            if (field.Field.Comment is { } words) code.Summary(words);
            string initial = field.Initial is { } value ? $" = {value};" : "";
            code.Line($"public {field.Type} {field.Name} {{ get; set; }}{initial}");
            if (field.HasSpare) code.Line($"private {field.BareType}? {field.Spare};");
        }

        if (!hasTags) return;
        code.Summary("Tagged fields that the schema does not know; null when there are none.");
        code.Line("public global::System.Collections.Generic.List<UnknownTag>? UnknownTags { get; set; }");
    }

    public void Reset()
    {
        code.Open("public void Reset()");
        foreach (FieldCode field in fields) code.Line(field.Reset);
        if (hasTags) code.Line("UnknownTags = null;");
        code.Close();
    }

    public void IsDefault()
    {
        code.Open("internal bool IsDefault()");
        foreach (FieldCode field in fields) code.Line($"if ({field.IsSet}) return false;");
        code.Line(hasTags ? "return UnknownTags is not { Count: > 0 };" : "return true;");
        code.Close();
    }

    public void Read()
    {
        code.Open("internal void ReadFields(ref WireReader reader, short version)");
        DeclareFlexible(fields.Any(field => field.Compact == "flexible") || hasTags);
        foreach (FieldCode field in fields)
        {
            string plain = field.IsTagged ? PlainPart(field) : field.Present;
            if (plain == "true") ReadValue(field);
            else if (plain == "false") code.Line(field.Reset);
            else
            {
                code.Open($"if ({plain})");
                ReadValue(field);
                code.Close();
                code.Line($"else {field.Reset}");
            }
        }

        if (hasTags) ReadTags();
        code.Close();
    }

    public void Write()
    {
        code.Open("internal void WriteFields(WireWriter writer, short version)");
        DeclareFlexible(fields.Any(field => field.Compact == "flexible") || hasTags);
        foreach (FieldCode field in fields)
        {
            string plain = field.IsTagged ? PlainPart(field) : field.Present;
            if (plain == "true") WriteValue(field);
            else if (plain != "false")
            {
                code.Open($"if ({plain})");
                WriteValue(field);
                code.Close();
            }

            if (field.IsAlwaysPresent || field.Field.Ignorable == true) continue;
            string absent = field.Present == "false" ? "" : $"!({field.Present}) && ";
            code.Line($"if ({absent}{field.IsSet}) throw MessageErrors.Lacks(\"{label}.{field.Name}\", version);");
        }

        if (hasTags) WriteTags();
        code.Close();
    }

    public void ToJson(string signature)
    {
        code.Open(signature);
        code.Line("var json = new global::System.Text.Json.Nodes.JsonObject();");
        foreach (FieldCode field in fields)
        {
            string value = field.IsStruct || field.IsStructArray ? $"JsonForm.Of({field.Name}, version)" : $"JsonForm.Of({field.Name})";
            string condition = field.IsTagged ? And(field.Present, field.IsSet) : field.Present;
            if (condition == "false") continue;
            code.Line($"{(condition == "true" ? "" : $"if ({condition}) ")}json.Add(\"{field.Field.JsonName}\", {value});");
        }

        if (hasTags) code.Line("JsonForm.AddTags(json, UnknownTags);");
        code.Line("return json;");
        code.Close();
    }

    public void ReadJson(string signature)
    {
        code.Open(signature);
        code.Line("Reset();");
        code.Open("foreach (JsonCursor each in json.Properties())");
        code.Open("switch (each.Name)");
        foreach (FieldCode field in fields) code.Line($"case \"{field.Field.JsonName}\": {field.Name} = {FromJson(field)}; break;");
        if (hasTags) code.Line("case JsonForm.Tags: UnknownTags = each.Tags(); break;");
        code.Line("default: throw each.Unknown();");
        code.Close();
        code.Close();
        code.Line($"json.Require({schemaFields}, version);");
        code.Close();
    }

    private static string FromJson(FieldCode field)
    {
        string nullable = field.IsNullable && field.Field.Kind != FieldKind.Records ? "Nullable" : "";
        if (field.IsStructArray) return $"each.{nullable}Structs<{field.Element}>(version)";
        if (field.IsStruct) return $"each.{nullable}Struct<{field.Element}>(version)";
        string kind = field.Field.Kind.ToString();
        if (field.Field.IsArray) return $"each.{nullable}Array(static item => item.{kind}())";
        return $"each.{nullable}{kind}()";
    }

    /// <summary>The versions in which a field that is tagged in some stands among the others.</summary>
    private string PlainPart(FieldCode field)
    {
        VersionRange present = field.Field.Versions.Intersect(message.Versions);
        if (field.Field.TaggedVersions.Covers(present)) return "false";
        return And(field.Present, $"!({field.Tagged})");
    }

    private void DeclareFlexible(bool needed)
    {
        if (needed && flexible == "flexible") code.Line($"bool flexible = version >= {message.FlexibleVersions.Lowest};");
    }

    private void ReadValue(FieldCode field, bool isTagged = false)
    {
        FieldSchema schema = field.Field;
        if (field.IsStructArray || schema.IsArray) ReadArray(field);
        else if (schema.Kind == FieldKind.Struct) ReadStruct(field, isTagged ? "<= 0" : "< 0");
        else
        {
            string nullable = field.IsNullable ? "Nullable" : "";
            string call = schema.Kind switch
            {
                FieldKind.String => $"Read{nullable}{(schema.IsInterned ? "Name" : "String")}({field.Compact})",
                FieldKind.Bytes => $"Read{nullable}Bytes({field.Compact})",
                FieldKind.Records => $"ReadRecords({field.Compact})",
                _ => $"Read{schema.Kind}()",
            };
            code.Line($"{field.Name} = reader.{call};");
        }
    }

    private void ReadArray(FieldCode field)
    {
        string items = field.Field.Kind == FieldKind.String ? $", {field.Compact}" : "";
        if (!field.IsNullable)
        {
            if (field.IsStructArray) code.Line($"for (int n = reader.Begin({field.Name}, {field.Compact}); n > 0; n--) {field.Name}.AddUnset().ReadFields(ref reader, version);");
            else code.Line($"reader.ReadItems({field.Name}, reader.Begin({field.Name}, {field.Compact}){items});");
            return;
        }

        string count = "count" + field.Name;
        code.Line($"{field.Name} = reader.BeginNullable({field.Name}, ref {field.Spare}, {field.Compact}, out int {count});");
        if (field.IsStructArray) code.Line($"for (; {count} > 0; {count}--) {field.Name}!.AddUnset().ReadFields(ref reader, version);");
        else code.Line($"if ({field.Name} is not null) reader.ReadItems({field.Name}, {count}{items});");
    }

    /// <summary>Null is -1 before a struct among the others, and 0 in the tagged section.</summary>
    private void ReadStruct(FieldCode field, string isNull)
    {
        if (!field.IsNullable)
        {
            code.Line($"{field.Name}.ReadFields(ref reader, version);");
            return;
        }

        string absent = field.IsAlwaysNullable ? $"reader.ReadInt8() {isNull}" : $"{field.Nullable} && reader.ReadInt8() {isNull}";
        code.Line($"if ({absent}) ({field.Spare}, {field.Name}) = ({field.Name} ?? {field.Spare}, null);");
        code.Line($"else ({field.Name} ??= {field.Spare} ?? new()).ReadFields(ref reader, version);");
    }

    private void ReadTags()
    {
        bool conditional = flexible == "flexible";
        code.Line("UnknownTags = null;");
        string when = conditional ? "if (flexible) " : "";
        if (tagged.Count == 0)
        {
            code.Line($"{when}UnknownTags = reader.ReadUnknownTags();");
            return;
        }

        if (conditional) code.Line("if (!flexible) return;");
        code.Line("global::System.Collections.Generic.List<UnknownTag>? unknown = null;");
        code.Open("for (uint left = reader.ReadUnsignedVarint(); left > 0; left--)");
        code.Line("int tag = reader.ReadTag(out int size);");
        code.Open("switch (tag)");
        foreach (FieldCode field in tagged)
        {
            string guard = field.Tagged is "true" || field.Tagged == FlexibleCondition ? "" : $" when {field.Tagged}";
            code.Line($"case {field.Field.Tag}{guard}:");
            ReadValue(field, true);
            code.Line("break;");
        }

        code.Line("default: global::Moldau.Protocol.Messages.UnknownTags.Keep(ref unknown, ref reader, tag, size); break;");
        code.Close();
        code.Close();
        code.Line("UnknownTags = unknown;");
    }

    private string FlexibleCondition => $"version >= {message.FlexibleVersions.Lowest}";

    private void WriteValue(FieldCode field, bool isTagged = false)
    {
        FieldSchema schema = field.Field;
        if (field.IsNullable && !field.IsAlwaysNullable)
        {
            string isNull = schema.Kind == FieldKind.Records ? $"{field.Name}.IsNull" : $"{field.Name} is null";
            code.Line($"if (!({field.Nullable}) && {isNull}) throw MessageErrors.Null(\"{label}.{field.Name}\", version);");
        }

        if (schema.IsArray) WriteArray(field);
        else if (schema.Kind == FieldKind.Struct)
        {
            if (field.IsNullable)
            {
                string mark = $"writer.WriteInt8({field.Name} is null ? (sbyte){(isTagged ? 0 : -1)} : (sbyte)1);";
                code.Line(field.IsAlwaysNullable ? mark : $"if ({field.Nullable}) {mark}");
            }

            code.Line($"{field.Name}{(field.IsNullable ? "?" : "")}.WriteFields(writer, version);");
        }
        else
        {
            string nullable = field.IsNullable ? "Nullable" : "";
            string call = schema.Kind switch
            {
                FieldKind.String => $"Write{nullable}String({field.Name}, {field.Compact}, \"{label}.{field.Name}\")",
                FieldKind.Bytes => field.IsNullable ? $"WriteNullableBytes({field.Name}, {field.Compact})" : $"WriteBytes({field.Name}, {field.Compact}, \"{label}.{field.Name}\")",
                FieldKind.Records => $"WriteRecords({field.Name}, {field.Compact})",
                _ => $"Write{schema.Kind}({field.Name})",
            };
            code.Line($"writer.{call};");
        }
    }

    private void WriteArray(FieldCode field)
    {
        string name = field.Name;
        code.Line($"writer.WriteCount({(field.IsNullable ? $"{name}?.Count ?? -1" : $"{name}.Count")}, {field.Compact});");
        string body = field.IsStructArray
            ? $"foreach ({field.Element} each in {name}) each.WriteFields(writer, version);"
            : $"writer.WriteItems({name}{(field.Field.Kind == FieldKind.String ? $", {field.Compact}" : "")});";
        code.Line(field.IsNullable ? $"if ({name} is not null) {body}" : body);
    }

    private void WriteTags()
    {
        string errorName = $"\"{label}\"";
        if (flexible == "flexible") code.Open("if (flexible)");
        if (tagged.Count == 0) code.Line("writer.WriteTags(UnknownTags);");
        else
        {
            code.Line("int tags = UnknownTags?.Count ?? 0, next = 0;");
            foreach (FieldCode field in tagged)
            {
                string guard = field.Tagged is "true" || field.Tagged == FlexibleCondition ? "true" : field.Tagged;
                code.Line($"bool has{field.Name} = {And(guard, field.IsSet)};");
                code.Line($"if (has{field.Name}) tags++;");
            }

            code.Line("writer.WriteUnsignedVarint((uint)tags);");
            foreach (FieldCode field in tagged)
            {
                code.Open($"if (has{field.Name})");
                code.Line($"writer.WriteTagsBelow(UnknownTags, {field.Field.Tag}, ref next);");
                code.Line($"int mark = writer.BeginTag({field.Field.Tag});");
                WriteValue(field, true);
                code.Line("writer.EndTag(mark);");
                code.Close();
            }

            code.Line("writer.WriteTagsBelow(UnknownTags, int.MaxValue, ref next);");
        }

        if (flexible != "flexible") return;
        code.Close();
        code.Line($"else global::Moldau.Protocol.Messages.UnknownTags.RefuseTags(UnknownTags, {errorName}, version);");
    }

    private static string And(string left, string right) =>
        left == "false" || right == "false" ? "false" : left == "true" ? right : right == "true" ? left : $"{left} && {right}";
}
