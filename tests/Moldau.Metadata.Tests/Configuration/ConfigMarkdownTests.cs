using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

/// <summary>The page of keys is what the declarations say. With MOLDAU_WRITE_DOCS=1 this test writes it.</summary>
public sealed class ConfigMarkdownTests
{
    private const string Page = "docs/operations/configuration.md";

    [Fact]
    public void The_page_of_keys_is_what_the_declarations_say()
    {
        string path = Path.Combine(Facts.Root(), Page);
        string now = ConfigMarkdown.Write();
        if (Environment.GetEnvironmentVariable("MOLDAU_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, now);
        }

        bool isFresh = File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == now;
        Assert.True(isFresh, $"{Page} is stale. Write it anew with: MOLDAU_WRITE_DOCS=1 dotnet run --project tests/Moldau.Metadata.Tests -- --filter-class {typeof(ConfigMarkdownTests).FullName}");
    }

    [Fact]
    public void Every_key_has_its_row()
    {
        string page = ConfigMarkdown.Write();
        foreach (ConfigCatalog catalog in (ConfigCatalog[])[ConfigCatalog.Broker, ConfigCatalog.Topic, ConfigCatalog.Group, ConfigCatalog.ClientMetrics])
        {
            Assert.Equal(catalog.Keys.Count, catalog.Sections.Sum(section => section.Keys.Count));
            foreach (ConfigKey key in catalog.Keys) Assert.Contains($"| `{key.Name}` | ", page, StringComparison.Ordinal);
        }
    }
}
