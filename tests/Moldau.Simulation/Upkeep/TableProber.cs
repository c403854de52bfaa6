using System.Globalization;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// Begins to read a partition in the middle, at offsets and at times: what comes first is the first record there. The cleaner may take records away meanwhile, so only what is there
/// before and after counts.
/// </summary>
internal sealed class TableProber(SimulatedProcess process, KafkaClient client, TopicPartition partition, Func<Task<List<TableEntry>>> read)
{
    private const int Probes = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(IReadOnlyList<TableEntry> content)
    {
        if (content.Count == 0) return;
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, PartitionBytesMax = 1 });
        consumer.Assign([partition]);
        for (int i = 0; i < Probes; i++)
        {
            // Also offsets that the cleaner has emptied: the reader goes on behind them.
            long from = Math.Max(0, process.Random.Pick(content).Offset - process.Random.Below(2));
            await CheckAsync(content, entry => entry.Offset >= from, await FirstFromAsync(consumer, from), $"offset {from}");
        }

        for (int i = 0; i < Probes; i++)
        {
            long timeMs = process.Random.Pick(content).TimestampMs + process.Random.Below(2);
            ListedOffset listed = (await client.Admin.Partitions.ListOffsetsAsync([partition], new OffsetSpec(timeMs))).Single();
            if (listed.Error != ErrorCode.None) throw new BrokenPromiseException($"{partition}: the offset at {timeMs} is not told: {listed.Error.KafkaName()}");
            if (listed.Offset >= 0 && listed.TimestampMs < timeMs) throw new BrokenPromiseException($"{partition}: offset {listed.Offset} of {listed.TimestampMs} is told for {timeMs}");
            await CheckAsync(content, entry => entry.TimestampMs >= timeMs, listed.Offset, string.Create(CultureInfo.InvariantCulture, $"time {timeMs}"));
        }
    }

    private async Task<long> FirstFromAsync(Consumer consumer, long from)
    {
        consumer.Seek(partition, from);
        while (true)
        {
            foreach (ConsumedRecord record in await ManagedClient.PollAsync(consumer, Poll)) return record.Offset;
        }
    }

    private async Task CheckAsync(IReadOnlyList<TableEntry> before, Func<TableEntry, bool> matches, long found, string what)
    {
        List<TableEntry> passed = [.. before.Where(entry => matches(entry) && (found < 0 || entry.Offset < found))];
        if (passed.Count == 0) return;
        HashSet<TableEntry> after = [.. await read()];
        int missed = passed.FindIndex(after.Contains);
        if (missed >= 0) throw new BrokenPromiseException($"{partition}: from {what} on, {found} comes first, and {passed[missed].Write} at offset {passed[missed].Offset} is left out");
    }
}
