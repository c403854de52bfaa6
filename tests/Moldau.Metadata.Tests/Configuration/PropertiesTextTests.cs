using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class PropertiesTextTests
{
    [Theory]
    [InlineData("a=1", "a", "1")]
    [InlineData("a : 1", "a", "1")]
    [InlineData("a 1", "a", "1")]
    [InlineData("  a\t=\t1 ", "a", "1 ")]
    [InlineData("a", "a", "")]
    [InlineData("a==1", "a", "=1")]
    [InlineData("a\\=b=c", "a=b", "c")]
    [InlineData("a\\ b=c", "a b", "c")]
    [InlineData("a=x\\\n   y", "a", "xy")]
    [InlineData("a=\\u00e9\\n", "a", "é\n")]
    [InlineData("a=x\\\\\nb=2", "a", "x\\")]
    [InlineData("listeners=PLAINTEXT://:9092\r\n", "listeners", "PLAINTEXT://:9092")]
    public void A_line_is_read_as_Java_reads_it(string text, string key, string value)
    {
        KeyValuePair<string, string> first = PropertiesText.Parse(text)[0];
        Assert.Equal(key, first.Key);
        Assert.Equal(value, first.Value);
    }

    [Fact]
    public void Comments_and_blank_lines_are_passed_over_and_the_last_of_a_key_counts()
    {
        var pairs = PropertiesText.Parse("# a=0\n! a=0\n\na=1\nb=2\na=3\n");
        Assert.Equal([new("a", "3"), new("b", "2")], pairs);
    }

    [Fact]
    public void A_broken_escape_names_its_line()
    {
        FormatException error = Assert.Throws<FormatException>(() => PropertiesText.Parse("a=1\nb=\\u12g4"));
        Assert.StartsWith("line 2:", error.Message, StringComparison.Ordinal);
    }
}
