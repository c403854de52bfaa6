using System.Text.Json;
using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Golden;

/// <summary>Sequences and transactions as a live Kafka node answered them, step by step, on a fresh partition each.</summary>
public sealed class ProduceScenarioTests
{
    private static readonly HashSet<string> KnownStepFields = ["producerId", "epoch", "baseSequence", "count", "errorCode", "error", "baseOffset"];

    [Fact]
    public void Every_sequence_of_produce_requests_gets_Kafkas_answers()
    {
        string file = Facts.Require(Path.Combine("golden", "produce-scenarios.jsonl"));
        List<JsonElement> scenarios = [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).Where(IsIdempotentOnly)];
        Assert.NotEmpty(scenarios);
        NodeWorld.Run(async world =>
        {
            await world.CreateTopicAsync("t", scenarios.Count);
            RawClient client = await world.ConnectAsync();
            for (int i = 0; i < scenarios.Count; i++) await PlayAsync(world, client, scenarios[i], i);
        });
    }

    // Steps of transactions need a coordinator; the log's tests play them.
    private static bool IsIdempotentOnly(JsonElement scenario) =>
        scenario.GetProperty("steps").EnumerateArray().All(step => step.EnumerateObject().All(field => KnownStepFields.Contains(field.Name)));

    private static async Task PlayAsync(NodeWorld world, RawClient client, JsonElement scenario, int partition)
    {
        string name = scenario.GetProperty("name").GetString()!;
        int number = 0;
        foreach (JsonElement step in scenario.GetProperty("steps").EnumerateArray())
        {
            var options = new RecordBatchOptions
            {
                ProducerId = new ProducerId(step.GetProperty("producerId").GetInt64()),
                ProducerEpoch = step.GetProperty("epoch").GetInt16(),
                BaseSequence = step.GetProperty("baseSequence").GetInt32(),
            };
            string[] values = [.. Enumerable.Range(0, step.GetProperty("count").GetInt32()).Select(value => $"v{value}")];
            ProduceResponse response = await client.AskAsync(Batches.Produce("t", partition, Batches.Of(options, world.Now(), values)), 9);
            ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
            Assert.Equal(
                (name, number++, step.GetProperty("error").GetString(), step.GetProperty("baseOffset").GetInt64()),
                (name, number - 1, ((ErrorCode)answer.ErrorCode).KafkaName(), answer.BaseOffset));
        }
    }
}
