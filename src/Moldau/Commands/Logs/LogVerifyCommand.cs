using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Commands.Storage;
using Moldau.Output;
using Moldau.Storage.Files;
using Moldau.Storage.Verification;

namespace Moldau.Commands.Logs;

/// <summary><c>moldau log verify</c>.</summary>
internal static class LogVerifyCommand
{
    private static readonly Argument<string[]> Directories = new("DIR") { Description = "The log directories of one node that is not running.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> ClusterId = new("--cluster-id") { Description = "The cluster that they should belong to.", HelpName = "ID" };
    private static readonly Option<bool> Deep = new("--deep") { Description = "Unfold every batch too." };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs." };

    public static Command Create()
    {
        var command = new Command("verify", "Look for damage in log directories, and tell what a start would do about it. Writes nothing. Ends with 1 when there is damage, with 3 while a node is running.") { Directories, ClusterId, Deep, Json };
        command.SetAction(static (parsed, _) => RunAsync(parsed));
        return command.WithExamples("moldau log verify /var/lib/moldau", "moldau log verify /disk1/data /disk2/data --json | jq .damages");
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        string[] directories = [.. parsed.GetValue(Directories)!.Select(Path.GetFullPath)];
        foreach (string directory in directories)
        {
            if (!Directory.Exists(directory)) throw new UsageException($"{directory}: there is no such folder");
        }

        VerifyReport report;
        try
        {
            report = await LookAsync(directories, parsed.GetValue(ClusterId), parsed.GetValue(Deep));
        }
        catch (DiskException running) when (running.Failure == DiskFailure.Taken)
        {
            Terminal.Error($"{running.Message}. Stop it first: what it writes meanwhile would look like damage.");
            return ExitCode.Configuration;
        }

        if (parsed.GetValue(Json)) JsonText.Write(ToJson(report));
        else Write(report);
        return report.HasDamage ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<VerifyReport> LookAsync(string[] directories, string? clusterId, bool deep)
    {
        long total = directories.Sum(static directory => Directory.EnumerateFiles(directory, "*.log", SearchOption.AllDirectories).Sum(static path => new FileInfo(path).Length));
#pragma warning disable RS0030 // The composition root chooses the clock.
        var line = new ProgressLine("verifying", Terminal.HasReader ? Console.Error : null, TimeProvider.System);
#pragma warning restore RS0030
        VerifyReport report = await LogDirectoryVerifier.RunAsync(OfflineNode.Files, directories, OfflineNode.Scheduler, clusterId, deep, new Shown(line, total));
        line.End();
        return report;
    }

    private static void Write(VerifyReport report)
    {
        var damages = new Listing(new("File", "file"), new("Byte", "position", true), new("Damage", "problem"), new("At a start", "recovery"));
        var notes = new Listing(new("File", "file"), new("What", "what"), new("At a start", "recovery"));
        foreach (Finding finding in report.Findings)
        {
            if (finding.IsDamage) damages.Add(finding.Damage.Path, finding.Damage.Position, finding.Damage.Problem, finding.Recovery);
            else notes.Add(finding.Damage.Path, finding.Damage.Problem, finding.Recovery);
        }

        if (damages.Count > 0) damages.WriteText();
        if (notes.Count > 0) notes.WriteText();
        foreach (LogLoss loss in report.Losses) Console.Out.WriteLine($"{loss.Partition} ends at offset {loss.EndOffset} and after a start at {loss.EndOffsetAfter}");
        foreach (string message in report.StartMessages) Console.Out.WriteLine($"A start would say: {message}");
        Console.Out.WriteLine($"{report.Partitions} logs, {report.Segments} segments, {report.Bytes} bytes: {(damages.Count == 0 ? "no damage" : $"{damages.Count} damages")}");
    }

    private static JsonObject ToJson(VerifyReport report)
    {
        var losses = new JsonArray();
        foreach (LogLoss loss in report.Losses)
            losses.Add((JsonNode)new JsonObject { ["topic"] = loss.Partition.Topic, ["partition"] = loss.Partition.Partition, ["endOffset"] = loss.EndOffset, ["endOffsetAfterStart"] = loss.EndOffsetAfter });
        return new JsonObject
        {
            ["directories"] = report.Directories, ["partitions"] = report.Partitions, ["segments"] = report.Segments, ["bytes"] = report.Bytes,
            ["damages"] = Findings(report, isDamage: true), ["notes"] = Findings(report, isDamage: false), ["losses"] = losses, ["startMessages"] = JsonText.Array(report.StartMessages),
        };
    }

    private static JsonArray Findings(VerifyReport report, bool isDamage)
    {
        var array = new JsonArray();
        foreach (Finding finding in report.Findings.Where(finding => finding.IsDamage == isDamage))
        {
            array.Add((JsonNode)new JsonObject
            {
                ["file"] = finding.Damage.Path, ["position"] = finding.Damage.Position, ["problem"] = finding.Damage.Problem,
                ["outcome"] = finding.Outcome.ToString().ToLowerInvariant(), ["recovery"] = finding.Recovery, ["lengthAfterStart"] = finding.LengthAfter,
            });
        }

        return array;
    }

    private sealed class Shown(ProgressLine line, long total) : IProgress<VerifyProgress>
    {
        public void Report(VerifyProgress value) => line.Show(value.Bytes, total, value.Path);
    }
}
