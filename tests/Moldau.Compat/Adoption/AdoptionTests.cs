using Moldau.Processes;

namespace Moldau.Compat.Adoption;

/// <summary>A data folder goes back and forth between Apache Kafka and Moldau: each finds all that the other left.</summary>
public sealed class AdoptionTests
{
    private const int BackAndForth = 3;
    private readonly KafkaPeer _kafka = Client.RequirePeer();
    private readonly MoldauProgram _moldau = new(MoldauProgram.BuiltExecutable());

    [Fact]
    public async Task A_folder_goes_back_and_forth_after_clean_stops_and_kills_and_nothing_is_lost()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(15));
        await using var folder = new AdoptedFolder();
        using var writers = new Writers(folder.Client);
        string[] seen = [];
        await folder.RunAsync(_kafka, kill: false, () => StartAsync(), deadline.Token);
        for (int i = 1; i <= BackAndForth; i++)
        {
            Dictionary<string, byte[]> coordinators = Coordinators(folder);
            await folder.RunAsync(_moldau, kill: i == 2, () => GoOnAsync(isMoldau: true), deadline.Token);
            AssertKept(coordinators);
            Finished verified = await ChildProcess.RunAsync(_moldau.Executable, ["log", "verify", folder.Setup.DataFolder], token: deadline.Token);
            Assert.True(verified.ExitCode == 0, verified.Output);
            if (i == BackAndForth) await AssertToolsReadAsync(folder, deadline.Token);
            await folder.RunAsync(_kafka, kill: i == 1, () => GoOnAsync(isMoldau: false), deadline.Token);
        }

        async Task StartAsync()
        {
            await writers.PrepareAsync();
            await writers.WriteAsync();
            await writers.TransactAsync();
            writers.JoinConsumerGroup();
            seen = await Portrait.OfAsync(folder.Client, Writers.Groups);
        }

        async Task GoOnAsync(bool isMoldau)
        {
            Assert.Equal(seen, await Portrait.OfAsync(folder.Client, Writers.Groups));
            long cleaned = folder.CleanedUpTo("compacted");
            await writers.WriteAsync();
            if (isMoldau) Assert.True(await Client.EventuallyAsync(() => Task.FromResult(folder.CleanedUpTo("compacted")), now => now > cleaned, deadline.Token) > cleaned, "Moldau cleans");
            else await writers.TransactAsync();
            seen = await Portrait.OfAsync(folder.Client, Writers.Groups);
        }
    }

    // Records of transactions and of newer groups, which Moldau does not act on, stay as they are: it only appends.
    private static Dictionary<string, byte[]> Coordinators(AdoptedFolder folder)
    {
        string[] files = folder.Files("__*-*", ".log");
        return files.Where(static file => !file.Contains("__cluster_metadata", StringComparison.Ordinal)).ToDictionary(static file => file, File.ReadAllBytes);
    }

    private static void AssertKept(Dictionary<string, byte[]> coordinators)
    {
        Assert.Contains(coordinators, static file => file.Key.Contains("__transaction_state", StringComparison.Ordinal) && file.Value.Length > 0);
        foreach ((string path, byte[] before) in coordinators) Assert.True(File.ReadAllBytes(path).AsSpan().StartsWith(before), $"{path} was changed");
    }

    private async Task AssertToolsReadAsync(AdoptedFolder folder, CancellationToken token)
    {
        string[] suffixes = [".log", ".index", ".timeindex", ".txnindex", ".snapshot"];
        string[] files = [.. folder.Files("*-*", suffixes).Where(static file => !file.Contains("__cluster_metadata", StringComparison.Ordinal))];
        string dump = (await _kafka.RunToolAsync(["dump-log", "--deep-iteration", "--print-data-log", "--files", string.Join(',', files)], token: token)).Succeeded().Output;
        AssertNoComplaint(dump);
        Assert.All(files, file => Assert.Contains($"Dumping {file}", dump, StringComparison.Ordinal));
        string[] metadata = folder.Files("__cluster_metadata-0", ".log", ".checkpoint");
        dump = (await _kafka.RunToolAsync(["dump-log", "--cluster-metadata-decoder", "--files", string.Join(',', metadata)], token: token)).Succeeded().Output;
        AssertNoComplaint(dump);
        Assert.Contains("\"name\":\"compacted\"", dump, StringComparison.Ordinal);
        foreach (string file in metadata.Where(static file => file.EndsWith(".log", StringComparison.Ordinal)))
        {
            // The tool runs its command beside its reading of the file: on a busy machine it may find nothing there yet.
            Finished shell = await Client.EventuallyAsync(
                async () => (await _kafka.RunToolAsync(["metadata-shell", "--snapshot", file, "ls", "/image/topics/byName"], token: token, withServerClasses: true)).Succeeded(),
                finished => finished.Lines.Contains("compacted"),
                token);
            Assert.Contains("compacted", shell.Lines);
        }
    }

    private static void AssertNoComplaint(string dump)
    {
        foreach (string complaint in new[] { "isvalid: false", "mismatch", "Mismatches in", "Non-consecutive", "out of order", "invalid bytes", "Exception" }) Assert.DoesNotContain(complaint, dump, StringComparison.Ordinal);
    }
}
