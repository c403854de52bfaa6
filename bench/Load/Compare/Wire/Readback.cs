using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Wire;

/// <summary>Whether everything acknowledged is there, once, in order and as it was sent.</summary>
internal static class Readback
{
    /// <summary>Compares end offsets, then reads the topic from its beginning and looks at every byte.</summary>
    /// <exception cref="LostRecordsException">Something is missing, doubled or changed.</exception>
    public static async Task RequireAsync(TestTopic topic, PartitionLedger ledger, BatchTemplate sent)
    {
        long[] ends = await topic.EndsAsync();
        ledger.RequireEnds(ends);
        using FetchConnection reader = Reader(topic, [.. Enumerable.Range(0, topic.Partitions)], ends, new BatchCheck(sent));
        await ReplayLoop.RunAsync([reader]);
        if (reader.Records != ledger.Total) throw new LostRecordsException($"{ledger.Total} records were acknowledged and {reader.Records} read back");
    }

    /// <summary>Reads partitions from their beginning up to the given offsets.</summary>
    public static FetchConnection Reader(TestTopic topic, int[] partitions, long[] ends, IArrivals? arrivals)
    {
        var sizes = new FetchSizes();
        return new FetchConnection(topic.EndPoint, new FetchFrame(topic.Id, partitions, sizes), sizes, partitions, new long[partitions.Length], ends, arrivals);
    }
}
