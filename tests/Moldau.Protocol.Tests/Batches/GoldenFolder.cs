namespace Moldau.Protocol.Tests.Batches;

/// <summary>Where the golden files are: KAFKA_GOLDEN, else under MOLDAU_SHARED, else beside the repository; and the sample that lives with the tests.</summary>
internal static class GoldenFolder
{
    /// <summary>The path of a golden file; the test is skipped when there is none.</summary>
    public static string Require(string fileName)
    {
        string? found = Candidates().Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);
        if (found is null) Assert.Skip($"needs ../shared: {fileName} is not there: set KAFKA_GOLDEN, or put shared/kafka-protocol beside the repository");
        return found;
    }

    /// <summary>The path of a file of the sample.</summary>
    public static string Sample(string fileName) => Path.Combine(AppContext.BaseDirectory, "golden", "records", fileName);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("KAFKA_GOLDEN") is { Length: > 0 } golden)
        {
            yield return golden;
            yield break;
        }

        if (Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } shared) yield return Path.Combine(shared, "kafka-protocol", "golden");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx")) && folder.Parent is { } parent)
                yield return Path.Combine(parent.FullName, "shared", "kafka-protocol", "golden");
        }
    }
}
