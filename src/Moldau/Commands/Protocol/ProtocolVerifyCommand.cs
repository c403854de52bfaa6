using System.CommandLine;
using System.Text.Json.Nodes;
using Moldau.Output;
using Moldau.Protocol.Batches.Golden;
using Moldau.Protocol.Golden;

namespace Moldau.Commands.Protocol;

/// <summary><c>moldau protocol verify</c>.</summary>
internal static class ProtocolVerifyCommand
{
    private static readonly Argument<string> Folder = new("FOLDER") { Description = "Files of golden cases: .jsonl or .jsonl.gz." };
    private static readonly Option<bool> Json = new("--json") { Description = "Write JSON, for programs." };

    public static Command Create()
    {
        var command = new Command("verify", "Run golden cases through the protocol and count right and wrong. Ends with 1 when any is wrong.") { Folder, Json };
        command.SetAction(Run);
        return command.WithExamples("moldau protocol verify ../shared/kafka-protocol/golden");
    }

    private static int Run(ParseResult parsed)
    {
        string folder = parsed.GetValue(Folder)!;
        if (!Directory.Exists(folder)) throw new UsageException($"{folder}: there is no such folder");
        var verifier = new GoldenVerifier();
        new BatchGoldenVerifier().AddTo(verifier);
        GoldenReport report = verifier.Run(folder);
        if (report.Files.Count == 0) throw new UsageException($"{folder}: there are no .jsonl files in it");
        var listing = new Listing(new("File", "file"), new("Right", "right", true), new("Wrong", "wrong", true), new("Not checked", "unchecked", true));
        foreach (GoldenCount file in report.Files) listing.Add(file.File, file.Right, file.Wrong, file.Unknown);
        if (parsed.GetValue(Json))
        {
            JsonText.Write(new JsonObject { ["right"] = report.Right, ["wrong"] = report.Wrong, ["files"] = listing.ToJson(), ["faults"] = JsonText.Array(report.Faults) });
        }
        else
        {
            foreach (string fault in report.Faults) Console.Error.WriteLine(fault);
            listing.WriteText();
            Console.Out.WriteLine($"{report.Right} right, {report.Wrong} wrong");
        }

        return report.Wrong == 0 ? ExitCode.Success : ExitCode.Failure;
    }
}
