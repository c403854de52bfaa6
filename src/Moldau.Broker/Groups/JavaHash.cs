namespace Moldau.Broker.Groups;

/// <summary>The hash by which Kafka spreads keys over the partitions of an internal topic.</summary>
internal static class JavaHash
{
    /// <summary>
    /// The partition of a key: its hash without sign, modulo the number of partitions. A hash of -2147483648, which has no positive
    /// counterpart, counts as 0.
    /// </summary>
    public static int Partition(string key, int partitions)
    {
        int hash = 0;
        foreach (char unit in key) hash = unchecked((31 * hash) + unit);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
