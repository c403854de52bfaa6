using System.Diagnostics;

namespace Moldau.Processes;

/// <summary>A server that can be started on a <see cref="NodeSetup"/>.</summary>
public abstract class NodeProgram
{
    public abstract string Name { get; }

    /// <summary>What <c>MOLDAU_COMPAT_TARGET</c> names: Moldau, or with <c>kafka</c> the oracle.</summary>
    /// <exception cref="InvalidOperationException">Apache Kafka is asked for and not here.</exception>
    public static NodeProgram FromEnvironment() =>
        Environment.GetEnvironmentVariable("MOLDAU_COMPAT_TARGET") == "kafka"
            ? KafkaPeer.Find() ?? throw new InvalidOperationException(KafkaPeer.Absence)
            : new MoldauProgram(MoldauProgram.BuiltExecutable());

    /// <summary>Makes the folder ready for the first start; does nothing on a folder that is.</summary>
    public abstract Task PrepareAsync(NodeSetup setup, CancellationToken token);

    /// <summary>The command that serves until it is told to stop.</summary>
    public abstract ProcessStartInfo Start(NodeSetup setup);

    protected static bool IsFormatted(NodeSetup setup) => File.Exists(Path.Combine(setup.DataFolder, "meta.properties"));
}

/// <summary>The <c>moldau</c> executable.</summary>
public sealed class MoldauProgram(string executable) : NodeProgram
{
    public override string Name => "moldau";

    public string Executable { get; } = executable;

    /// <summary>The one of <c>MOLDAU_EXE</c>, or the one that was built with the running program.</summary>
    /// <exception cref="InvalidOperationException">It was not built.</exception>
    public static string BuiltExecutable()
    {
        string name = OperatingSystem.IsWindows() ? "moldau.exe" : "moldau";
        string build = Path.Combine(RepositoryFolder.Root, "src", "Moldau", "bin", RepositoryFolder.Configuration, "net10.0");
        string place = Environment.GetEnvironmentVariable("MOLDAU_EXE") is { Length: > 0 } given ? given : Path.Combine(build, name);
        return File.Exists(place) ? place : throw new InvalidOperationException($"no executable at {place}: build src/Moldau, or name one by MOLDAU_EXE");
    }

    public override async Task PrepareAsync(NodeSetup setup, CancellationToken token)
    {
        Directory.CreateDirectory(setup.Folder);
        if (!setup.ByPropertiesFile) return;
        setup.WriteProperties();
        if (IsFormatted(setup)) return;
        string[] format = ["storage", "format", "--standalone", "--cluster-id", NodeSetup.ClusterId, "--config", setup.PropertiesFile];
        (await ChildProcess.RunAsync(Executable, format, token: token)).Succeeded();
    }

    public override ProcessStartInfo Start(NodeSetup setup)
    {
        List<string> arguments = setup.ByPropertiesFile
            ? ["start", "--config", setup.PropertiesFile]
            : ["start", "--data", setup.DataFolder, "--listen", setup.Bootstrap];
        if (!setup.ByPropertiesFile) arguments.AddRange(setup.Settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" }));
        return ChildProcess.Describe(Executable, arguments);
    }
}

/// <summary>Apache Kafka of <c>../shared/peers</c>: the oracle, and the tools that look at what we wrote.</summary>
public sealed class KafkaPeer : NodeProgram
{
    private readonly string _tool;
    private readonly string? _serverHeap;
    private readonly string? _serverOptions;

    private KafkaPeer(string tool, string? serverHeap = null, string? serverOptions = null) => (_tool, _serverHeap, _serverOptions) = (tool, serverHeap, serverOptions);

    public override string Name => "Apache Kafka";

    /// <summary>The server's version, as its own library is named; null where that cannot be seen.</summary>
    public string? Version => Directory
        .EnumerateFiles(Path.Combine(Path.GetDirectoryName(_tool)!, "..", "libs"), "kafka-server-?.*.jar", SearchOption.AllDirectories)
        .Select(file => Path.GetFileNameWithoutExtension(file)["kafka-server-".Length..]).Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>One line that says what is missing.</summary>
    public static string Absence =>
        ForeignPrograms.Java.IsHere ? "needs ../shared: Apache Kafka is in its peers/kafka" : ForeignPrograms.Java.Absence;

    /// <summary>The peer, or null when it or Java is not here.</summary>
    public static KafkaPeer? Find() => FindAt(RepositoryFolder.Shared is { } shared ? Path.Combine(shared, "peers", "kafka") : null);

    /// <summary>The peer in a folder of the reader's choice.</summary>
    public static KafkaPeer? FindAt(string? folder)
    {
        if (folder == null || !ForeignPrograms.Java.IsHere) return null;
        string tool = Path.GetFullPath(Path.Combine(folder, "bin", "kafka"));
        return File.Exists(tool) ? new KafkaPeer(tool) : null;
    }

    /// <summary>The same with other memory and options of the server's virtual machine than the small ones that tests give it.</summary>
    public KafkaPeer WithServer(string heap, string options) => new(_tool, heap, options);

    /// <summary>
    /// Runs one of Apache Kafka's command-line tools. Tools are of an older release than the server: one that reads the cluster's metadata needs the
    /// server's classes for it (<paramref name="withServerClasses"/>).
    /// </summary>
    public Task<Finished> RunToolAsync(IEnumerable<string> arguments, string? input = null, TimeSpan? timeout = null, bool withServerClasses = false, CancellationToken token = default) =>
        ChildProcess.RunAsync(_tool, arguments, input, withServerClasses ? WithServerClasses : ShortRun, timeout, token);

    /// <summary>How a tool is started that runs until it is stopped.</summary>
    public ProcessStartInfo DescribeTool(IEnumerable<string> arguments) => ChildProcess.Describe(_tool, arguments, SmallHeap);

    public override async Task PrepareAsync(NodeSetup setup, CancellationToken token)
    {
        setup.WriteProperties();
        if (IsFormatted(setup)) return;
        string[] format = ["storage", "format", "--standalone", "-t", NodeSetup.ClusterId, "-c", setup.PropertiesFile];
        (await RunToolAsync(format, token: token)).Succeeded();
    }

    public override ProcessStartInfo Start(NodeSetup setup) => ChildProcess.Describe(_tool, ["server", setup.PropertiesFile], ServerEnvironment);

    private Dictionary<string, string> ServerEnvironment =>
        _serverHeap == null ? SmallHeap : new() { ["KAFKA_HEAP"] = _serverHeap, ["JAVA_OPTS"] = _serverOptions ?? "" };

    // Small: the machine runs these beside the node that is tested. Tools live for a second: the full compiler would be most of it.
    private static Dictionary<string, string> SmallHeap => new() { ["KAFKA_HEAP"] = "-Xmx256m" };

    private Dictionary<string, string> WithServerClasses =>
        new(ShortRun) { ["EXTRA_CP"] = Path.Combine(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(_tool)!, "..", "libs", "4.4")), "*") };

    private static Dictionary<string, string> ShortRun => new(SmallHeap) { ["JAVA_OPTS"] = "-XX:TieredStopAtLevel=1" };
}
