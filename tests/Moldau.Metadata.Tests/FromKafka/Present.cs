namespace Moldau.Metadata.Tests.FromKafka;

/// <summary>Facts that a test cannot do without.</summary>
internal static class Present
{
    /// <summary>The path of a file of facts; the test is skipped where it is absent.</summary>
    public static string Fact(string name)
    {
        string file = Facts.Path(name);
        if (!File.Exists(file)) Assert.Skip($"needs ../shared: no facts at {file} (set MOLDAU_SHARED)");
        return file;
    }
}
