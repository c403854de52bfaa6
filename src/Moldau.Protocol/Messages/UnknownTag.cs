namespace Moldau.Protocol.Messages;

/// <summary>A tagged field that the schema does not know. It is kept and written again, as Kafka does for fields of later versions (KIP-482).</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Data">Its bytes.</param>
public readonly record struct UnknownTag(int Tag, byte[] Data);

/// <summary>Reads and writes unknown tagged fields for generated messages.</summary>
internal static class UnknownTags
{
    /// <summary>Reads a tagged section in which no tag is known.</summary>
    public static List<UnknownTag>? ReadUnknownTags(this ref WireReader reader)
    {
        List<UnknownTag>? tags = null;
        for (uint n = reader.ReadUnsignedVarint(); n > 0; n--) Keep(ref tags, ref reader, reader.ReadTag(out int size), size);
        return tags;
    }

    public static int ReadTag(this ref WireReader reader, out int size)
    {
        int tag = (int)reader.ReadUnsignedVarint();
        size = (int)reader.ReadUnsignedVarint();
        return tag;
    }

    public static void Keep(ref List<UnknownTag>? tags, ref WireReader reader, int tag, int size) =>
        (tags ??= []).Add(new UnknownTag(tag, reader.ReadRaw(size).ToArray()));

    /// <summary>Writes a tagged section without known tags.</summary>
    public static void WriteTags(this WireWriter writer, List<UnknownTag>? tags)
    {
        writer.WriteUnsignedVarint((uint)(tags?.Count ?? 0));
        int next = 0;
        writer.WriteTagsBelow(tags, int.MaxValue, ref next);
    }

    /// <summary>Writes the unknown tags from <paramref name="next"/> on that come before <paramref name="known"/>.</summary>
    public static void WriteTagsBelow(this WireWriter writer, List<UnknownTag>? tags, int known, ref int next)
    {
        if (tags is null) return;
        // No schema has the last tag there is, and the wire may: it stands for all that are left.
        for (; next < tags.Count && (tags[next].Tag < known || known == int.MaxValue); next++)
        {
            (int tag, byte[] data) = tags[next];
            if (tag < 0 || (next > 0 && tags[next - 1].Tag >= tag)) throw new MessageVersionException($"unknown tag {tag} is out of order");
            writer.WriteUnsignedVarint((uint)tag);
            writer.WriteUnsignedVarint((uint)data.Length);
            writer.WriteRaw(data);
        }

        if (next < tags.Count && tags[next].Tag == known && known != int.MaxValue) throw new MessageVersionException($"tag {known} is known and stands among the unknown");
    }

    /// <summary>A version without tagged sections cannot carry them.</summary>
    public static void RefuseTags(List<UnknownTag>? tags, string name, short version)
    {
        if (tags is { Count: > 0 }) throw new MessageVersionException($"{name} v{version} carries no tagged fields");
    }
}
