using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Moldau.Processes;

/// <summary>
/// Makes Confluent.Kafka load the librdkafka that its package brought. The default build of it needs libsasl2.so.3; where that is missing,
/// .NET goes on searching and takes the system's librdkafka, which may be years older. The package has a build without that need.
/// </summary>
public static class PackagedLibrdkafka
{
    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>The version that was loaded, as in <c>2.16.0</c>.</summary>
    public static string Version => Loaded.Value;

    private static string Load()
    {
        if (OperatingSystem.IsLinux()) NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        return Library.VersionString;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!name.Contains("librdkafka", StringComparison.Ordinal)) return 0;
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        string folder = Path.Combine(AppContext.BaseDirectory, "runtimes", architecture, "native");
        foreach (string file in (string[])["centos8-librdkafka.so", "librdkafka.so"])
            if (NativeLibrary.TryLoad(Path.Combine(folder, file), out nint handle)) return handle;
        return 0;
    }
}
