namespace Moldau.Metadata;

/// <summary>What a topic may be called, and which topics are the cluster's own.</summary>
public static class TopicNames
{
    /// <summary>The metadata log; never created by request.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Committed offsets and groups.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>Transactions.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>State of share partitions.</summary>
    public const string ShareGroupState = "__share_group_state";

    /// <summary>Whether clients may not produce to it and consumers leave it out of pattern subscriptions.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    /// <summary>Why a name is not allowed, in Kafka's words; null when it is.</summary>
    public static string? Reject(string name)
    {
        if (name.Length == 0) return "Topic name is invalid: the empty string is not allowed";
        if (name is "." or "..") return $"Topic name is invalid: '{name}' is not allowed";
        if (name.Length > Limits.TopicNameLength)
        {
            return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {Limits.TopicNameLength}";
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
            }
        }

        return null;
    }

    /// <summary>Whether the name has a character that metric names cannot tell apart: '.' or '_'.</summary>
    public static bool HasCollisionCharacters(string name) => name.AsSpan().ContainsAny('.', '_');

    /// <summary>The name as metrics see it. Two topics with the same one cannot coexist.</summary>
    public static string Unify(string name) => name.Replace('.', '_');
}
