using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Benchmarks.Protocol;

/// <summary>FetchRequest v17.</summary>
public class FetchRequestBenchmark : MessageBenchmark<FetchRequest>
{
    /// <inheritdoc/>
    protected override short Version => 17;

    /// <inheritdoc/>
    protected override FetchRequest Make(int partitions)
    {
        var request = new FetchRequest { MaxWaitMs = 500, MinBytes = 1 };
        for (int p = 0; p < partitions; p++)
        {
            if (p % 10 == 0) request.Topics.Add().TopicId = new Uuid(1, p);
            request.Topics[^1].Partitions.Add().Partition = p % 10;
        }

        return request;
    }
}

/// <summary>FetchResponse v17.</summary>
public class FetchResponseBenchmark : MessageBenchmark<FetchResponse>
{
    /// <inheritdoc/>
    protected override short Version => 17;

    /// <inheritdoc/>
    protected override FetchResponse Make(int partitions)
    {
        var response = new FetchResponse();
        for (int p = 0; p < partitions; p++)
        {
            if (p % 10 == 0) response.Responses.Add().TopicId = new Uuid(1, p);
            FetchResponse.PartitionData partition = response.Responses[^1].Partitions.Add();
            partition.PartitionIndex = p % 10;
            partition.Records = new Records(Batch);
        }

        return response;
    }
}
