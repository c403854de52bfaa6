using System.Text.Json.Nodes;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Golden;

/// <summary>Takes out of a message's JSON form what the cases of damaged bytes leave out: fields of type <c>records</c>, unknown tagged fields.</summary>
internal static class GoldenOmissions
{
    public static void Remove(JsonNode? json, IReadOnlyList<FieldSchema> fields)
    {
        if (json is not JsonObject holder) return;
        holder.Remove(JsonForm.Tags);
        foreach (FieldSchema field in fields)
        {
            if (field.Kind == FieldKind.Records) holder.Remove(field.JsonName);
            else if (field.Struct is { } inner && field.IsArray && holder[field.JsonName] is JsonArray items)
            {
                foreach (JsonNode? item in items) Remove(item, inner.Fields);
            }
            else if (field.Struct is { } single) Remove(holder[field.JsonName], single.Fields);
        }
    }
}
