using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Benchmarks.Protocol;

/// <summary>ProduceRequest v12.</summary>
public class ProduceRequestBenchmark : MessageBenchmark<ProduceRequest>
{
    /// <inheritdoc/>
    protected override short Version => 12;

    /// <inheritdoc/>
    protected override ProduceRequest Make(int partitions)
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000 };
        for (int p = 0; p < partitions; p++)
        {
            if (p % 10 == 0) request.TopicData.Add().Name = $"topic-{p / 10}";
            ProduceRequest.PartitionProduceData partition = request.TopicData[^1].PartitionData.Add();
            partition.Index = p % 10;
            partition.Records = new Records(Batch);
        }

        return request;
    }
}

/// <summary>ProduceResponse v12.</summary>
public class ProduceResponseBenchmark : MessageBenchmark<ProduceResponse>
{
    /// <inheritdoc/>
    protected override short Version => 12;

    /// <inheritdoc/>
    protected override ProduceResponse Make(int partitions)
    {
        var response = new ProduceResponse();
        for (int p = 0; p < partitions; p++)
        {
            if (p % 10 == 0) response.Responses.Add().Name = $"topic-{p / 10}";
            response.Responses[^1].PartitionResponses.Add().Index = p % 10;
        }

        return response;
    }
}
