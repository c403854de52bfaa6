using System.CommandLine;
using Moldau.Commands.Storage;
using Moldau.Output;

namespace Moldau.Commands.Logs;

/// <summary><c>moldau log dump</c>.</summary>
internal static class LogDumpCommand
{
    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Files, or folders with all that is in them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool?> Records = new("--records") { Description = "Show the records of each batch. Left out, those of the metadata log, its snapshots and the internal topics are shown." };
    private static readonly Option<bool> Deep = new("--deep") { Description = "Read every batch whole: look at its checksum, and unfold its records." };
    private static readonly Option<string?> Topic = new("--topic") { Description = "Read records as those of this topic; otherwise the folder's name says whose they are.", HelpName = "NAME" };
    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON object a line, for programs." };

    public static Command Create()
    {
        var command = new Command("dump", "Print segments, indexes, snapshots, checkpoints and metadata. Ends with 1 when a file is damaged; what can be read is printed all the same.") { Paths, Records, Deep, Topic, Json };
        command.SetAction(static parsed => Run(parsed.GetValue(Paths)!, new DumpOptions(parsed.GetValue(Records), parsed.GetValue(Deep), parsed.GetValue(Topic)), parsed.GetValue(Json)));
        return command.WithExamples(
            "moldau log dump data/orders-0",
            "moldau log dump --records data/orders-0/00000000000000000000.log",
            "moldau log dump data/__cluster_metadata-0 --json | jq 'select(.type == \"record\")'",
            "moldau log dump --deep data");
    }

    private static int Run(string[] paths, DumpOptions options, bool json)
    {
        List<DataFile> found = [];
        foreach (string path in paths) found.AddRange(DataFile.Under(path));
        long total = found.Sum(static file => file.Bytes), done = 0;
        using IDumpOutput output = json ? new DumpLines() : new DumpTables();
#pragma warning disable RS0030 // The composition root chooses the clock.
        // Where a person reads the output itself, it shows how far it is.
        var progress = new ProgressLine("reading", Terminal.HasReader && Console.IsOutputRedirected ? Console.Error : null, TimeProvider.System);
#pragma warning restore RS0030
        var dump = new FileDump(OfflineNode.Files, options, output);
        foreach (DataFile file in found)
        {
            long before = done;
            dump.Write(file, bytes => progress.Show(before + bytes, total, file.Path));
            done += file.Bytes;
        }

        progress.End();
        return output.HasDamage ? ExitCode.Failure : ExitCode.Success;
    }
}

/// <summary>What <c>log dump</c> is to show.</summary>
/// <param name="Records">Whether to show records; null: those that Kafka itself writes.</param>
/// <param name="Deep">Whether to read every batch whole.</param>
/// <param name="Topic">The topic whose records they are; null: the folder says.</param>
internal sealed record DumpOptions(bool? Records, bool Deep, string? Topic);
