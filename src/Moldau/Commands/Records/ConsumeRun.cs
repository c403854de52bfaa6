using Moldau.Client.Consuming;
using Moldau.Protocol;

namespace Moldau.Commands.Records;

/// <summary>Prints records until there are enough, the end is reached, or a signal comes.</summary>
internal sealed class ConsumeRun(Session session, Consumer consumer, RecordPrinter printer, long max)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <param name="ends">Where to end, by partition; null: never.</param>
    public async Task<int> RunAsync(Dictionary<TopicPartition, long>? ends)
    {
        using Stream output = Console.OpenStandardOutput();
        long left = max;
        while (left > 0 && !session.Stop.IsCancellationRequested && !IsAtEnd(ends))
        {
            foreach (ConsumedRecord record in await PollAsync())
            {
                if (ends is not null && record.Offset >= ends.GetValueOrDefault(record.Partition)) continue;
                printer.Print(record);
                if (--left == 0) break;
            }

            // Once a poll: whoever reads sees records as they come.
            printer.FlushTo(output);
        }

        return ExitCode.Success;
    }

    private async Task<IReadOnlyList<ConsumedRecord>> PollAsync()
    {
        try
        {
            return await consumer.PollAsync(Pace, session.Stop);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private bool IsAtEnd(Dictionary<TopicPartition, long>? ends) =>
        ends is not null
        && consumer.Assignment.Count > 0
        && consumer.Assignment.All(partition => consumer.Position(partition) is { } position && position >= ends.GetValueOrDefault(partition));
}
