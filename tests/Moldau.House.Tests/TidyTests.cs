using System.Text.RegularExpressions;

namespace Moldau.House.Tests;

/// <summary>The part of the house style that a program can check.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 400;

    [Fact]
    public void A_source_file_holds_one_idea()
    {
        string[] long_ = Repository.SourceFiles("src", "tests", "bench")
            .Select(file => (file, lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(entry => entry.lines > LinesMax)
            .Select(entry => $"{entry.file}: {entry.lines} lines")
            .ToArray();
        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_is_left_to_be_done_later()
    {
        string[] marks = Repository.SourceFiles("src", "tests", "bench")
            .Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal))
            .SelectMany(file => Repository.Read(file).Split('\n').Select((line, index) => (file, line, index)))
            .Where(entry => Promise().IsMatch(entry.line))
            .Select(entry => $"{entry.file}:{entry.index + 1}: {entry.line.Trim()}")
            .ToArray();
        Assert.Empty(marks);
    }

    [Fact]
    public void No_type_is_named_for_being_a_manager_helper_or_utility()
    {
        string[] named = Repository.SourceFiles("src", "tests", "bench")
            .SelectMany(file => VagueType().Matches(Repository.Read(file)).Select(match => $"{file}: {match.Value.Trim()}"))
            .ToArray();
        Assert.Empty(named);
    }

    [Fact]
    public void Every_project_in_src_has_a_readme()
    {
        string[] missing = Directory.GetDirectories(Path.Combine(Repository.Root, "src"))
            .Where(folder => !File.Exists(Path.Combine(folder, "README.md")))
            .Select(folder => Path.GetFileName(folder))
            .ToArray();
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Promise();

    [GeneratedRegex(@"\b(class|struct|record|interface) \w*(Manager|Helpers?|Utils?|Impl)\b")]
    private static partial Regex VagueType();
}
