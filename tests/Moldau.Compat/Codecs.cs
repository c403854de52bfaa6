using Moldau.Processes;

namespace Moldau.Compat;

/// <summary>How a topic's batches stand on the node's disk.</summary>
internal static class Codecs
{
    /// <summary>
    /// Checks that batches went out compressed. A client that believes the node knows no compression sends plain ones and says nothing;
    /// a few plain ones are usual, since clients leave a batch alone that would not become smaller.
    /// </summary>
    public static void AreOf(NodeFixture node, string topic, int codec)
    {
        int[] codecs = [.. SegmentFile.OfPartition(node.LogDir, topic, 0).Select(batch => batch.Codec).Distinct()];
        Assert.Contains(codec, codecs);
        Assert.Empty(codecs.Except([0, codec]));
    }
}
