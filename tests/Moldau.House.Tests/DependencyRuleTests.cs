using System.Xml.Linq;

namespace Moldau.House.Tests;

/// <summary>Dependencies between projects point one way only; this table is the rule, and ARCHITECTURE.md tells it in words.</summary>
public sealed class DependencyRuleTests
{
    private static readonly string[] PureCores = ["Moldau.Raft", "Moldau.Metadata", "Moldau.Coordinators", "Moldau.Replication"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Moldau.Protocol"] = ["Moldau.Protocol.Generator"],
        ["Moldau.Protocol.Generator"] = [],
        ["Moldau.Raft"] = ["Moldau.Protocol"],
        ["Moldau.Metadata"] = ["Moldau.Protocol"],
        ["Moldau.Coordinators"] = ["Moldau.Protocol"],
        ["Moldau.Replication"] = ["Moldau.Protocol"],
        ["Moldau.Storage"] = ["Moldau.Protocol"],
        ["Moldau.Client"] = ["Moldau.Protocol"],
        ["Moldau.Broker"] =
        [
            "Moldau.Protocol", "Moldau.Raft", "Moldau.Metadata", "Moldau.Coordinators", "Moldau.Replication", "Moldau.Storage", "Moldau.Client",
        ],
        ["Moldau"] = ["Moldau.Broker", "Moldau.Client"],
    };

    [Fact]
    public void Every_project_depends_only_on_what_stands_left_of_it()
    {
        List<string> broken = [];
        foreach (string folder in Directory.GetDirectories(Path.Combine(Repository.Root, "src")))
        {
            string project = Path.GetFileName(folder);
            if (!File.Exists(Path.Combine(folder, project + ".csproj"))) continue;
            if (!Allowed.TryGetValue(project, out string[]? allowed))
            {
                broken.Add($"{project} is not in the table of projects");
                continue;
            }

            broken.AddRange(References(folder, project).Except(allowed).Select(reference => $"{project} may not depend on {reference}"));
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void A_pure_core_uses_no_package_and_is_guarded_by_the_banned_symbols()
    {
        string props = Repository.Read("Directory.Build.props");
        foreach (string core in PureCores)
        {
            XDocument file = XDocument.Load(Path.Combine(Repository.Root, "src", core, core + ".csproj"));
            Assert.Empty(file.Descendants("PackageReference"));
            Assert.Contains($"'{core}'", props);
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("Moldau.slnx");
        string[] missing = new[] { "src", "tests", "bench" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => !solution.Contains(path))
            .ToArray();
        Assert.Empty(missing);
    }

    private static IEnumerable<string> References(string folder, string project) =>
        XDocument.Load(Path.Combine(folder, project + ".csproj")).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
