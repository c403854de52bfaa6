using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Moldau.Crash.Ledgers;
using Moldau.Crash.Workloads;
using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>
/// kcat, fed line by line. It reports deliveries in the order of its lines, one request at a time, and retries for ever: the n-th report
/// is the n-th line.
/// </summary>
internal sealed partial class KcatCrashClient(string name, string kcat, string bootstrap, IWorkload workload, Ledger ledger, Violations violations)
    : ProcessCrashClient(name, [ledger], violations, ChildProcess.Describe(kcat, Arguments(bootstrap, ledger.Topic, ledger.Partition)))
{
    private const string KeyDelimiter = ":";
    private Task _feeding = Task.CompletedTask;
    private long _reported;

    protected override void OnStarted() => _feeding = Task.Run(FeedAsync);

    protected override async Task AskToEndAsync()
    {
        await _feeding;
        Process.StandardInput.Close();
    }

    protected override void OnOutput(string line)
    {
    }

    protected override void OnErrorOutput(string line)
    {
        if (Delivered().Match(line) is { Success: true } report) ledger.Acknowledge(long.Parse(report.Groups[1].Value, CultureInfo.InvariantCulture), _reported++);
        else if (line.Contains("delivery failed", StringComparison.OrdinalIgnoreCase)) Violations.Add($"{Name}: {line}");
    }

    private static string[] Arguments(string bootstrap, string topic, int partition) =>
    [
        "-P", "-b", bootstrap, "-t", topic, "-p", $"{partition}", "-K", KeyDelimiter, "-vvv", "-E", "-X", "acks=all", "-X", "linger.ms=2", "-X", "max.in.flight=1",
        "-X", "message.timeout.ms=0", "-X", "reconnect.backoff.ms=20", "-X", "reconnect.backoff.max.ms=200", "-X", "retry.backoff.ms=20",
    ];

    private async Task FeedAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            for (long sequence = 0; !IsStopping; await pace.WaitForNextTickAsync())
            {
                if (IsHeldBack || sequence - Volatile.Read(ref _reported) > Limits.InFlightMax) continue;
                for (int i = 0; i < workload.RecordsAtOnce; i++) await WriteAsync(sequence++);
                await Process.StandardInput.FlushAsync();
            }
        }
        catch (IOException)
        {
            // The process has ended: its exit is told as such.
        }
    }

    private async Task WriteAsync(long sequence)
    {
        ledger.Sending(sequence);
        CrashRecord record = workload.At(sequence);
        if (record.Key is { } key) await Process.StandardInput.WriteAsync(Encoding.ASCII.GetString(key) + KeyDelimiter);
        await Process.StandardInput.WriteAsync(Encoding.ASCII.GetString(record.Value ?? []) + "\n");
    }

    [GeneratedRegex(@"Message delivered to partition \d+ \(offset (\d+)\)")]
    private static partial Regex Delivered();
}
