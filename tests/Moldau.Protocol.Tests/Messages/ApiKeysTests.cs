using System.Text.Json;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class ApiKeysTests
{
    [Fact]
    public void Every_API_has_the_versions_listeners_and_headers_that_Kafka_has()
    {
        string path = Path.Combine(Path.GetDirectoryName(Facts.Layouts())!, "api-keys.json");
        using JsonDocument facts = JsonDocument.Parse(File.ReadAllText(path));
        var differences = new List<string>();
        foreach (JsonElement key in facts.RootElement.GetProperty("keys").EnumerateArray())
        {
            var api = (ApiKey)key.GetProperty("id").GetInt16();
            MessageSchema schema = MessageCatalog.SchemaOfRequest(api)!;
            if (schema.Name != key.GetProperty("name").GetString() + "Request") differences.Add($"{api}: {schema.Name}");
            if (key.GetProperty("minVersion").ValueKind == JsonValueKind.Null)
            {
                if (!schema.Versions.IsEmpty) differences.Add($"{api}: retired, and has versions {schema.Versions}");
                continue;
            }

            if (schema.Versions.Lowest != key.GetProperty("minVersion").GetInt16()) differences.Add($"{api}: from {schema.Versions.Lowest}");
            if (schema.Versions.Highest != key.GetProperty("maxVersion").GetInt16()) differences.Add($"{api}: to {schema.Versions.Highest}");
            if (schema.HighestStableVersion != key.GetProperty("maxStableVersion").GetInt16()) differences.Add($"{api}: stable to {schema.HighestStableVersion}");
            string[] listeners = [.. key.GetProperty("listeners").EnumerateArray().Select(each => each.GetString()!)];
            if (!listeners.Order().SequenceEqual(schema.Listeners!.Order())) differences.Add($"{api}: on {string.Join(',', schema.Listeners!)}");
            Headers(api, schema, key, differences);
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void Every_key_makes_its_request_and_response()
    {
        foreach (ApiKey key in Enum.GetValues<ApiKey>())
        {
            Assert.Equal(key, MessageCatalog.CreateRequest(key)!.Key);
            Assert.Equal(key, MessageCatalog.CreateResponse(key)!.Key);
        }

        Assert.Null(MessageCatalog.CreateRequest((ApiKey)95));
        Assert.Null(MessageCatalog.CreateResponse((ApiKey)(-1)));
    }

    [Fact]
    public void Every_message_is_made_by_its_name_and_knows_its_schema()
    {
        Assert.Null(MessageCatalog.Create("NoSuchMessage"));
        foreach (MessageSchema schema in MessageCatalog.All) Assert.Same(schema, MessageCatalog.Create(schema.Name)!.Schema);
    }

    private static void Headers(ApiKey api, MessageSchema schema, JsonElement key, List<string> differences)
    {
        JsonElement requests = key.GetProperty("requestHeaderVersions");
        JsonElement responses = key.GetProperty("responseHeaderVersions");
        for (int i = 0; i < requests.GetArrayLength(); i++)
        {
            short version = (short)(schema.Versions.Lowest + i);
            if (MessageFrame.RequestHeaderVersion(api, version) != requests[i].GetInt16()) differences.Add($"{api} v{version}: request header");
            if (MessageFrame.ResponseHeaderVersion(api, version) != responses[i].GetInt16()) differences.Add($"{api} v{version}: response header");
        }
    }
}
