using System.Buffers.Binary;
using System.Text;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>
/// The one thing that the coordinator reads in what members say to each other: which topics a consumer subscribes to, so that offsets in
/// use neither expire nor can be deleted.
/// </summary>
internal static class ConsumerSubscription
{
    /// <summary>Protocol type of consumers.</summary>
    public const string ProtocolType = "consumer";

    /// <summary>
    /// The topics of all members; empty for a consumer group without members; null when the group is not of consumers or a member's
    /// subscription cannot be read.
    /// </summary>
    public static HashSet<string>? TopicsOf(ClassicGroup group)
    {
        if (!group.UsesConsumerProtocol) return null;
        var topics = new HashSet<string>(StringComparer.Ordinal);
        if (group.Members.Count == 0) return topics;
        if (group.ProtocolName is not { } protocol) return null;
        foreach (ClassicMember member in group.Members)
        {
            if (!TryReadTopics(member.Metadata(protocol), topics)) return null;
        }

        return topics;
    }

    /// <summary>
    /// Reads the topic names of a subscription: int16 version, then an array of strings. Every version begins so, later ones append.
    /// </summary>
    internal static bool TryReadTopics(ReadOnlySpan<byte> subscription, HashSet<string> topics)
    {
        const int header = sizeof(short) + sizeof(int);
        if (subscription.Length < header || BinaryPrimitives.ReadInt16BigEndian(subscription) < 0) return false;
        int count = BinaryPrimitives.ReadInt32BigEndian(subscription[sizeof(short)..]);
        ReadOnlySpan<byte> rest = subscription[header..];
        if (count < 0 || count > rest.Length / sizeof(short)) return false;
        for (int i = 0; i < count; i++)
        {
            if (rest.Length < sizeof(short)) return false;
            int length = BinaryPrimitives.ReadInt16BigEndian(rest);
            rest = rest[sizeof(short)..];
            if (length < 0 || length > rest.Length) return false;
            topics.Add(Encoding.UTF8.GetString(rest[..length]));
            rest = rest[length..];
        }

        return true;
    }
}
