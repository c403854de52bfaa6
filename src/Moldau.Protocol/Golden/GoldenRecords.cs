using System.Text.Json.Nodes;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Golden;

/// <summary>Takes the fields of type <c>records</c> out of a message's JSON form.</summary>
internal static class GoldenRecords
{
    public static void Remove(JsonNode? json, IReadOnlyList<FieldSchema> fields)
    {
        if (json is not JsonObject holder) return;
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
