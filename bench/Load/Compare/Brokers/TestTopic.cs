using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Protocol;

namespace Moldau.Load.Compare.Brokers;

/// <summary>A topic of one cell. It goes when the cell ends, so that what one cell wrote does not stand in the next one's way.</summary>
internal sealed class TestTopic : IAsyncDisposable
{
    private readonly BrokerUnderTest broker;

    private TestTopic(BrokerUnderTest broker, string name, Uuid id, int partitions)
    {
        this.broker = broker;
        (Name, Id, Partitions) = (name, id, partitions);
    }

    public string Name { get; }

    public Uuid Id { get; }

    public int Partitions { get; }

    public System.Net.IPEndPoint EndPoint => broker.EndPoint;

    /// <summary>Makes it and waits until every partition is led.</summary>
    public static async Task<TestTopic> CreateAsync(BrokerUnderTest broker, string name, int partitions, Dictionary<string, string>? configs = null)
    {
        IReadOnlyList<TopicCreation> made = await broker.Client.Admin.Topics.CreateAsync([new NewTopic(name, partitions, 1) { Configs = configs ?? [] }]);
        made[0].ThrowIfFailed();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            IReadOnlyList<TopicMetadata> seen = await broker.Client.Admin.Topics.DescribeAsync([name]);
            if (seen is [{ Error: ErrorCode.None } described] && described.Partitions.Count(each => each.LeaderId >= 0) == partitions) break;
            await pace.WaitForNextTickAsync();
        }

        var topic = new TestTopic(broker, name, made[0].Id, partitions);
        // A broker may tell of a leader before it leads; who is asked for offsets does.
        await topic.EndsAsync();
        return topic;
    }

    /// <summary>The end offset of each partition.</summary>
    public async Task<long[]> EndsAsync()
    {
        long[] ends = new long[Partitions];
        foreach (ListedOffset end in await broker.Client.Admin.Partitions.ListOffsetsAsync(
            Enumerable.Range(0, Partitions).ToDictionary(partition => new TopicPartition(Name, partition), _ => OffsetSpec.Latest)))
        {
            if (end.Error != ErrorCode.None) throw new Wire.ReplayException($"end offset of {end.Partition}: {end.Error}");
            ends[end.Partition.Partition] = end.Offset;
        }

        return ends;
    }

    public async ValueTask DisposeAsync() => (await broker.Client.Admin.Topics.DeleteAsync([Name]))[0].ThrowIfFailed();
}
