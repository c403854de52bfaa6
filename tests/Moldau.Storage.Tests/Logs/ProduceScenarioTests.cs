using System.Text.Json;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Sequences and epochs, step by step as a node of Kafka answered them.</summary>
public sealed class ProduceScenarioTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Fact]
    public async Task Sequences_are_answered_as_kafka_answers_them()
    {
        int steps = 0;
        foreach (JsonElement scenario in SharedFacts.Golden("produce-scenarios.jsonl"))
        {
            string name = scenario.GetProperty("name").GetString()!;
            if (name.StartsWith("transaction", StringComparison.Ordinal)) continue;
            await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
            PartitionLog log = store.Create("scenario");
            int at = 0;
            foreach (JsonElement step in scenario.GetProperty("steps").EnumerateArray())
            {
                byte[] batch = TestBatch.Idempotent(
                    step.GetProperty("producerId").GetInt64(), step.GetProperty("epoch").GetInt16(), step.GetProperty("baseSequence").GetInt32(), step.GetProperty("count").GetInt32());
                AppendResult result = log.AppendAsLeader(batch, Client);
                string where = $"{name}, step {at++}";
                Assert.Equal((where, step.GetProperty("errorCode").GetInt16()), (where, (short)result.Error));
                Assert.Equal((where, step.GetProperty("baseOffset").GetInt64()), (where, result.BaseOffset.Value));
                steps++;
            }
        }

        Assert.True(steps > 40, $"only {steps} steps");
    }

    [Theory]
    [InlineData("transaction at Produce v11 (client of transaction version 1)", false)]
    [InlineData("transaction at Produce v12 (transaction version 2)", true)]
    public async Task Transactional_batches_are_answered_as_kafka_answers_them(string name, bool markerRaisesEpoch)
    {
        JsonElement scenario = SharedFacts.Golden("produce-scenarios.jsonl").Single(line => line.GetProperty("name").GetString() == name);
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("scenario");
        short epoch = 0;
        int steps = 0;
        foreach (JsonElement step in scenario.GetProperty("steps").EnumerateArray())
        {
            string call = step.GetProperty("call").GetString()!;
            var expected = (ErrorCode)step.GetProperty("errorCode").GetInt16();
            // Whether a partition is part of the transaction is the coordinator's to know, not the log's.
            if (expected == ErrorCode.TransactionAbortable) continue;
            if (call.StartsWith("EndTxn", StringComparison.Ordinal) && expected == ErrorCode.None)
            {
                if (markerRaisesEpoch) epoch = step.GetProperty("epoch").GetInt16();
                Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Marker(7, epoch, commit: false), new AppendContext((LeaderEpoch)0, AppendOrigin.Coordinator)).Error);
            }
            else if (call == "InitProducerId v4 again")
            {
                // The fencing marker that a new session writes.
                epoch = step.GetProperty("epoch").GetInt16();
                Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Marker(7, epoch, commit: false), new AppendContext((LeaderEpoch)0, AppendOrigin.Coordinator)).Error);
            }
            else if (step.TryGetProperty("baseSequence", out JsonElement sequence))
            {
                AppendResult result = log.AppendAsLeader(TestBatch.Idempotent(7, step.GetProperty("epoch").GetInt16(), sequence.GetInt32(), 1, transactional: true), Client);
                Assert.Equal((call, expected), (call, result.Error));
                if (expected == ErrorCode.None) Assert.Equal((call, step.GetProperty("baseOffset").GetInt64()), (call, result.BaseOffset.Value));
                steps++;
            }
        }

        Assert.True(steps >= 4, $"only {steps} steps");
    }
}
