using Moldau.Load.Compare;
using Moldau.Load.Startup;

namespace Moldau.Load.Tests;

public sealed class CompareOptionsTests
{
    [Theory]
    [InlineData("--runs")]
    [InlineData("--runs", "0")]
    [InlineData("--runs", "many")]
    [InlineData("--gib", "-1")]
    [InlineData("--driver", "fast")]
    [InlineData("--unheard-of", "1")]
    public void An_option_that_makes_no_sense_is_refused(params string[] args) => Assert.Throws<LoadUsageException>(() => CompareOptions.Parse(args));

    [Fact]
    public void Nothing_said_means_five_runs_of_all_drivers_kept_in_the_repository()
    {
        CompareOptions options = CompareOptions.Parse(["--peer", "there"]);

        Assert.Equal((5, Driver.Both, false), (options.Runs, options.Driver, options.IsBusyAccepted));
        Assert.NotNull(options.Json);
        Assert.NotNull(options.Results);
        Assert.Empty(options.Cells);
    }

    [Fact]
    public void Without_the_peer_nothing_is_kept_unless_it_is_said_where()
    {
        CompareOptions options = CompareOptions.Parse(["--cells", "soak"]);

        Assert.Null(options.Json);
        Assert.Null(options.Results);
        CompareOptions said = CompareOptions.Parse(["--json", "kept.json"]);
        Assert.Equal("kept.json", said.Json);
        Assert.Null(said.Results);
    }

    [Theory]
    [InlineData("--quick", "--runs", "3", "--json", "kept.json")]
    [InlineData("--runs", "3", "--json", "kept.json", "--quick")]
    public void What_is_said_wins_over_what_quick_means_wherever_it_stands(params string[] args)
    {
        CompareOptions options = CompareOptions.Parse(args);

        Assert.Equal((3, "kept.json"), (options.Runs, options.Json));
        Assert.True(options.IsQuick);
        Assert.Null(options.Results);
    }

    [Fact]
    public void Cells_and_the_rest_are_read()
    {
        CompareOptions options = CompareOptions.Parse(["--cells", "produce-big, consume-cold", "--busy-ok", "--driver", "stock", "--gib", "0.5", "--peer", "there", "--node", "here"]);

        Assert.Equal(["produce-big", "consume-cold"], options.Cells);
        Assert.Equal((true, Driver.Stock, 0.5, "there", "here"), (options.IsBusyAccepted, options.Driver, options.Gibibytes, options.Peer, options.Executable));
    }
}
