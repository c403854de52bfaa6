using System.Text.Json;
using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Golden;

/// <summary>Odd batches sent to a whole node: the answer must be the one a live Kafka node gave, or one of the stricter ones of docs/adr/0002.</summary>
public sealed class OddBatchTests
{
    [Theory]
    [InlineData("bad-batches.jsonl")]
    [InlineData("compression.jsonl")]
    public void Every_odd_batch_gets_Kafkas_answer_or_a_stricter_one_that_is_written_down(string file)
    {
        List<JsonElement> cases = [.. File.ReadLines(Facts.Require(Path.Combine("golden", file))).Select(line => JsonDocument.Parse(line).RootElement).Where(HasBytes)];
        Assert.NotEmpty(cases);
        List<string> wrong = [];
        NodeWorld.Run(async world =>
        {
            HashSet<string> topics = [];
            foreach (JsonElement one in cases)
            {
                string topic = one.GetProperty("produce").GetProperty("topic").GetString()!;
                if (topic is not ("a b" or "__consumer_offsets") && !topic.StartsWith("no-such", StringComparison.Ordinal) && topics.Add(topic)) await world.CreateTopicAsync(topic, 1, Configs(topic));
            }

            foreach (JsonElement one in cases) await CompareAsync(world, one, wrong);
        });
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static bool HasBytes(JsonElement one) =>
        one.TryGetProperty("hex", out JsonElement hex) && hex.ValueKind == JsonValueKind.String
        && one.TryGetProperty("produce", out JsonElement produce) && produce.TryGetProperty("error", out _);

    private static (string, string)[] Configs(string topic) => topic switch
    {
        "compacted" => [("cleanup.policy", "compact")],
        "small" => [("max.message.bytes", "200")],
        "append-time" => [("message.timestamp.type", "LogAppendTime")],
        "strict-time" => [("message.timestamp.before.max.ms", "1000000"), ("message.timestamp.after.max.ms", "1000000")],
        _ when topic.StartsWith("codec-", StringComparison.Ordinal) => [("compression.type", topic["codec-".Length..])],
        _ => [],
    };

    private static async Task CompareAsync(NodeWorld world, JsonElement one, List<string> wrong)
    {
        string name = one.GetProperty("name").GetString()!;
        JsonElement produce = one.GetProperty("produce");
        byte[] batch = Convert.FromHexString(one.GetProperty("hex").GetString()!);
        long now = one.GetProperty("now").GetInt64();
        world.Machine.MoveClock(TimeSpan.FromMilliseconds(now - world.Now()));
        RawClient client = await world.ConnectAsync();
        ProduceRequest request = Batches.Produce(produce.GetProperty("topic").GetString()!, 0, [.. batch], produce.GetProperty("acks").GetInt16());
        request.TransactionalId = produce.TryGetProperty("transactionalId", out JsonElement id) ? id.GetString() : null;
        short version = produce.GetProperty("version").GetInt16();
        ProduceResponse response = await client.AskAsync(request, version);
        ProduceResponse.PartitionProduceResponse answer = response.Responses[0].PartitionResponses[0];
        string expected = produce.GetProperty("error").GetString()!, actual = ((ErrorCode)answer.ErrorCode).KafkaName();
        if (actual != expected)
        {
            bool isKnown = actual is "INVALID_RECORD" or "CORRUPT_MESSAGE" or "MESSAGE_TOO_LARGE" && IsStricter(batch, version, now);
            if (!isKnown) wrong.Add($"{name}: {actual} instead of {expected}");
            return;
        }

        string kafka = Describe(
            produce.TryGetProperty("recordErrors", out JsonElement errors) ? errors.EnumerateArray().Select(index => index.GetInt32()) : [],
            produce.GetProperty("logAppendTime").GetBoolean(),
            produce.GetProperty("logStartOffset").GetInt64(),
            produce.GetProperty("errorMessage").GetBoolean());
        string ours = Describe(answer.RecordErrors.Select(error => error.BatchIndex), answer.LogAppendTimeMs >= 0, answer.LogStartOffset, answer.ErrorMessage is not null);
        if (ours != kafka) wrong.Add($"{name}: {ours} instead of {kafka}");
    }

    private static string Describe(IEnumerable<int> blamed, bool hasAppendTime, long logStart, bool hasMessage) =>
        $"records [{string.Join(',', blamed)}] append time {hasAppendTime} log start {logStart} message {hasMessage}";

    // The validator says by which rule it refuses; what Kafka would have taken is in the list of the decision.
    private static bool IsStricter(byte[] batch, short version, long now)
    {
        ProduceFailure? failure = ProduceValidator.Validate((byte[])batch.Clone(), new ProduceValidationOptions(), version, AppendOrigin.Client, now, out ValidatedBatch validated);
        validated.Dispose();
        return failure is { Stricter: not StricterRule.None };
    }
}
