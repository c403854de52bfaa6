using CsCheck;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>Random lives of a compacted log beside a plain dictionary.</summary>
public sealed class CleanerModelTests
{
    private static readonly LogConfig Config = CompactedLog.Config with { SegmentBytes = 1200, IndexIntervalBytes = 120, SegmentIndexBytes = 200, DeleteRetentionMs = 10_000 };

    private abstract record Step;

    /// <summary>Records of a producer: 0 plain, 1 idempotent, 2 and 3 transactional. A negative number is a tombstone of its key.</summary>
    private sealed record Write(int Producer, int[] Keys, int Bytes, CompressionType Codec) : Step;

    private sealed record End(int Producer, bool Commit) : Step;

    private sealed record Clean(int MapKeys) : Step;

    private sealed record Pass(int Ms) : Step;

    private sealed record Restart(bool Clean) : Step;

    private sealed record Roll : Step;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (12, Gen.Select(Gen.Int[0, 3], Gen.Int[-6, 6].Array[1, 5], Gen.Int[0, 100], Gen.Int[0, 4], static (producer, keys, bytes, codec) => (Step)new Write(producer, keys, bytes, (CompressionType)codec))),
        (3, Gen.Select(Gen.Int[2, 3], Gen.Bool, static (producer, commit) => (Step)new End(producer, commit))),
        (4, Gen.Int[0, 40].Select(static keys => (Step)new Clean(keys))),
        (2, Gen.Int[0, 8000].Select(static ms => (Step)new Pass(ms))),
        (1, Gen.Bool.Select(static clean => (Step)new Restart(clean))),
        (2, Gen.Const((Step)new Roll())));

    [Fact]
    public async Task A_compacted_log_is_a_dictionary() => await Steps.Array[1, 80].SampleAsync(static steps => new Life().RunAsync(steps), iter: 200);

    private sealed class Life
    {
        private readonly SimulatedDisk disk = new(1);
        private readonly Dictionary<string, (string? Value, long Offset)> table = [];
        private readonly Dictionary<int, List<(string Key, string? Value, long Offset)>> open = [];
        private readonly Dictionary<int, int> sequences = [];
        private CompactedLog log = null!;

        public async Task RunAsync(Step[] steps)
        {
            log = await CompactedLog.New(disk, Config);
            foreach (Step step in steps)
            {
                await Do(step);
                log.Commit();
                Verify();
            }

            // In the end everything is decided, and two cleanings after their time no tombstone and no second value is left.
            foreach (int producer in open.Keys.ToArray()) await Do(new End(producer, false));
            for (int i = 0; i < 3; i++)
            {
                log.Store.Time.Advance(TimeSpan.FromSeconds(11));
                log.Roll();
                log.Log.State.CleanedTo = 0;
                await log.Store.Clean();
                Verify();
            }

            Assert.Equal(
                table.Where(static entry => entry.Value.Value is not null).Select(static entry => $"{entry.Value.Offset}:{entry.Key}={entry.Value.Value}").Order(StringComparer.Ordinal),
                log.Contents(committed: true).Order(StringComparer.Ordinal));
            CleaningAudit.AssertConsistent(log.Log);
            Assert.Empty(log.Store.Failures);
            await log.Store.Close();
        }

        private async Task Do(Step step)
        {
            switch (step)
            {
                case Write write:
                    Append(write);
                    break;
                case End end when open.Remove(end.Producer, out List<(string Key, string? Value, long Offset)>? records):
                    log.Append(TestBatch.Marker(end.Producer, 0, end.Commit, timestampMs: log.NowMs), AppendOrigin.Coordinator);
                    if (end.Commit) records.ForEach(Put);
                    break;
                case Clean clean:
                    await log.Store.Clean(clean.MapKeys == 0 ? null : new CleanerOptions { DedupeBufferBytes = 24 * clean.MapKeys, IoBufferBytes = 100 * clean.MapKeys });
                    break;
                case Pass pass:
                    log.Store.Time.Advance(TimeSpan.FromMilliseconds(pass.Ms));
                    break;
                case Restart restart:
                    log = await log.Reopen(disk, restart.Clean);
                    break;
                case Roll:
                    log.Roll();
                    break;
            }
        }

        private void Append(Write write)
        {
            (string Key, string? Value)[] records =
                [.. write.Keys.Select((key, i) => (Key: $"k{Math.Abs(key)}", Value: key < 0 ? null : $"{log.Log.LogEndOffset}.{i}{new string('v', write.Bytes)}"))];
            var options = new RecordBatchOptions { Compression = write.Codec };
            int sequence = sequences.GetValueOrDefault(write.Producer);
            if (write.Producer > 0)
            {
                options = options with { ProducerId = (ProducerId)write.Producer, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = write.Producer > 1 };
                sequences[write.Producer] = sequence + records.Length;
            }

            byte[] batch = TestBatch.Keyed(options, log.NowMs, [.. records.Select(static record => ((string?)record.Key, record.Value))]);
            AppendResult result = log.Append([.. batch]);
            // A repetition is recognised, whatever was cleaned and restarted before.
            if (write.Producer > 0) Assert.True(log.Append([.. batch]).IsDuplicate);
            for (int i = 0; i < records.Length; i++)
            {
                (string, string?, long) written = (records[i].Key, records[i].Value, result.BaseOffset + i);
                if (write.Producer <= 1) Put(written);
                else if (open.TryGetValue(write.Producer, out List<(string Key, string? Value, long Offset)>? transaction)) transaction.Add(written);
                else open[write.Producer] = [written];
            }
        }

        // A transaction's records override by their offsets, whenever it is committed.
        private void Put((string Key, string? Value, long Offset) record)
        {
            if (!table.TryGetValue(record.Key, out (string? Value, long Offset) known) || known.Offset < record.Offset) table[record.Key] = (record.Value, record.Offset);
        }

        private void Verify()
        {
            // What is still undecided hides what is behind it.
            long stable = log.Log.LastStableOffset;
            Dictionary<string, string> found = [];
            foreach (string record in log.Contents(committed: true))
            {
                string[] parts = record.Split([':', '='], 3);
                found[parts[1]] = parts[2];
            }

            foreach ((string key, (string? value, long offset)) in table)
            {
                if (offset < stable) Assert.Equal((key, value ?? ""), (key, found.GetValueOrDefault(key, "")));
            }
        }
    }
}
