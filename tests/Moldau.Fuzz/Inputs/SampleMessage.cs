using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;

namespace Moldau.Fuzz.Inputs;

/// <summary>Messages filled at random by their schema, so that every field of every version occurs without anybody having recorded one.</summary>
internal static class SampleMessage
{
    private const int ElementsMax = 3;
    private const int TextMax = 12;

    /// <summary>Names that exist where these messages are sent to: without them a node would look no further.</summary>
    private static readonly string[] KnownNames = ["t", "g"];

    private static readonly Lazy<IReadOnlyList<byte[]>> Batches = new(SampleBatches.All);

    /// <summary>The bytes of a random message.</summary>
    public static byte[] Bytes(MessageSchema schema, short version, SeededRandom random)
    {
        IMessage message = Of(schema, version, random);
        using var writer = new WireWriter();
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>A random message.</summary>
    public static IMessage Of(MessageSchema schema, short version, SeededRandom random)
    {
        IMessage message = MessageCatalog.Create(schema.Name)!;
        using var text = JsonDocument.Parse(Struct(schema.Fields, version, random).ToJsonString());
        message.ReadJson(text.RootElement, version);
        return message;
    }

    private static JsonObject Struct(IReadOnlyList<FieldSchema> fields, short version, SeededRandom random)
    {
        var whole = new JsonObject();
        foreach (FieldSchema field in fields)
        {
            if (!field.Versions.Contains(version)) continue;
            if (field.TaggedVersions.Contains(version) && random.Chance(400)) continue;
            whole[field.JsonName] = field.NullableVersions.Contains(version) && random.Chance(200) ? null : Value(field, version, random);
        }

        return whole;
    }

    private static JsonNode Value(FieldSchema field, short version, SeededRandom random)
    {
        if (!field.IsArray) return Single(field, version, random);
        var items = new JsonArray();
        for (int count = random.Below(ElementsMax + 1); count > 0; count--) items.Add(Single(field, version, random));
        return items;
    }

    private static JsonNode Single(FieldSchema field, short version, SeededRandom random) => field.Kind switch
    {
        FieldKind.Struct => Struct(field.Struct!.Fields, version, random),
        FieldKind.String => Text(random),
        FieldKind.Records when random.Chance(500) => Convert.ToBase64String(random.Pick(Batches.Value)),
        FieldKind.Bytes or FieldKind.Records => Convert.ToBase64String(Noise(random)),
        FieldKind.Uuid => new Uuid((long)random.Next(), (long)random.Next()).ToString(),
        FieldKind.Bool => random.Chance(500),
        FieldKind.Float64 => random.Below(1000) / 8.0,
        FieldKind.Int8 => (sbyte)random.Next(),
        FieldKind.Int16 => random.Chance(400) ? (short)random.Below(3) : (short)random.Next(),
        FieldKind.UInt16 => (ushort)random.Next(),
        FieldKind.Int32 => random.Chance(400) ? random.Below(3) : (int)random.Next(),
        FieldKind.UInt32 => (uint)random.Next(),
        _ => random.Chance(400) ? random.Below(3) : (long)random.Next(),
    };

    private static string Text(SeededRandom random)
    {
        if (random.Chance(250)) return random.Pick(KnownNames);
        char[] letters = new char[random.Below(TextMax + 1)];
        for (int i = 0; i < letters.Length; i++) letters[i] = random.Pick(['a', 'z', '-', '.', 'ž', '水']);
        return new string(letters);
    }

    private static byte[] Noise(SeededRandom random)
    {
        byte[] noise = new byte[random.Below(40)];
        random.Fill(noise);
        return noise;
    }
}
