using System.Text.Json.Nodes;
using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Output;

namespace Moldau.Commands.Records;

/// <summary>Sends the lines of a stream and tells how that went. The first signal stops reading; what was read is still delivered.</summary>
internal sealed class ProduceRun(Session session, ProducerOptions options, RecordForm form)
{
    private const int LineBytesMax = 64 * 1024 * 1024;

    /// <summary>Deliveries that are looked at together: then what failed is noticed early, and memory stays small.</summary>
    private const int Window = 10_000;

    /// <summary>Lines between two looks at the progress bar.</summary>
    private const int ProgressEvery = 1024;

    private readonly Queue<Delivery> open = new();
    private long records;
    private long bytes;
    private long failed;
    private string? firstFailure;

    public async Task<int> RunAsync(Stream source, long length)
    {
        long start = session.Time.GetTimestamp();
        using var lines = new LineReader(source, LineBytesMax);
        var progress = new ProgressLine("sending", length > 0 && Terminal.HasReader && !session.Json ? Console.Error : null, session.Time);
        await using (var producer = new Producer(session.Client, options))
        {
            await SendAsync(producer, lines, () => progress.Show(lines.BytesRead, length, $"{lines.BytesRead / 1048576} of {length / 1048576} MiB"));
            await producer.FlushAsync();
            while (open.Count > 0) await SettleAsync();
        }

        progress.End();
        Report(session.Time.GetElapsedTime(start));
        return failed > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private async Task SendAsync(Producer producer, LineReader lines, Action progress)
    {
        long number = 0;
        while (await NextAsync(lines) is { } line)
        {
            Delivery delivery = await producer.SendAsync(form.ToRecord(line, ++number));
            bytes += line.Length;
            open.Enqueue(delivery);
            while (open.Count > Window || (open.Count > 0 && open.Peek().IsCompleted)) await SettleAsync();
            // After a refusal the rest would go the same way.
            if (failed > 0) return;
            if (number % ProgressEvery == 0) progress();
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> NextAsync(LineReader lines)
    {
        try
        {
            return session.Stop.IsCancellationRequested ? null : await lines.ReadAsync(session.Stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task SettleAsync()
    {
        try
        {
            await open.Dequeue();
            records++;
        }
        catch (KafkaException e)
        {
            failed++;
            firstFailure ??= e.Message;
        }
    }

    private void Report(TimeSpan took)
    {
        if (session.Json)
        {
            JsonText.Write(new JsonObject { ["records"] = records, ["bytes"] = bytes, ["failed"] = failed, ["error"] = firstFailure, ["milliseconds"] = (long)took.TotalMilliseconds });
            return;
        }

        if (firstFailure is not null) Terminal.Error($"{failed} records were not delivered: {firstFailure}");
        if (Terminal.HasReader) Console.Error.WriteLine($"{records} records, {bytes} bytes delivered to {form.Topic} in {took.TotalSeconds:0.00} s");
    }
}
