namespace Moldau.Broker.Tests.Quorum;

/// <summary>Facts about Kafka and Kafka itself, where they are at hand.</summary>
internal static class Shared
{
    /// <summary>A folder of facts, or the test is skipped.</summary>
    public static string Facts(string name)
    {
        string folder = System.IO.Path.Combine(Root, "kafka-protocol", name);
        if (!Path.Exists(folder)) Assert.Skip($"needs ../shared: no facts at {folder} (set MOLDAU_SHARED)");
        return folder;
    }

    /// <summary>Kafka's tools, or the test is skipped.</summary>
    public static string KafkaTool
    {
        get
        {
            string tool = System.IO.Path.Combine(Root, "peers", "kafka", "bin", "kafka");
            if (!File.Exists(tool)) Assert.Skip($"needs ../shared: no Kafka at {tool} (set MOLDAU_SHARED)");
            return tool;
        }
    }

    private static string Root
    {
        get
        {
            if (Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given) return given;
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Moldau.slnx"))) folder = folder.Parent;
            return System.IO.Path.Combine(folder?.Parent?.FullName ?? "/", "shared");
        }
    }
}
