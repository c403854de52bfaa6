using Moldau.Processes;

namespace Moldau.Cli.Tests;

public sealed class UsageTests(MoldauCli cli)
{
    [Theory]
    [InlineData("topik", "topic")]
    [InlineData("prodce", "produce")]
    public async Task An_unknown_command_is_answered_with_the_nearest_one(string word, string nearest)
    {
        Finished run = await cli.RunAsync(word);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains($"did you mean '{nearest}'", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("topic", "create")]
    [InlineData("topic", "alter", "any")]
    [InlineData("produce")]
    [InlineData("produce", "any", "--compression", "rar")]
    [InlineData("produce", "any", "--header", "nothing")]
    [InlineData("produce", "any", "--file", "/there/is/no/such/file")]
    [InlineData("consume", "any", "--from", "yesterday")]
    [InlineData("consume", "any", "--group", "g", "--partition", "0")]
    [InlineData("group", "reset", "any")]
    [InlineData("config", "describe", "topic")]
    [InlineData("config", "describe", "cluster", "--name", "1")]
    [InlineData("config", "set", "topic", "--name", "any", "no-equals-sign")]
    [InlineData("topic", "list", "--bootstrap", "nowhere")]
    [InlineData("topic", "list", "--timeout", "0")]
    [InlineData("start", "--listen", "here")]
    [InlineData("protocol", "verify", "/there/is/no/such/folder")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2_and_says_why(params string[] arguments)
    {
        Finished run = await cli.RunAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("moldau: ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--set", "num.partitons=3")]
    [InlineData("--set", "num.partitions=many")]
    [InlineData("--set", "listeners=nonsense")]
    public async Task A_configuration_that_is_not_right_ends_with_3_and_names_the_key(params string[] arguments)
    {
        Finished run = await cli.RunAsync(["start", "--data", cli.PathOf("never"), .. arguments]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains(arguments[1].Split('=')[0], run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_directory_of_a_properties_file_that_is_not_formatted_ends_with_3()
    {
        string file = cli.PathOf("unformatted.properties");
        await File.WriteAllTextAsync(
            file,
            $"process.roles=broker,controller\nnode.id=1\nlisteners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\ncontroller.listener.names=CONTROLLER\ncontroller.quorum.bootstrap.servers=127.0.0.1:2\nlog.dirs={cli.PathOf("unformatted")}\n",
            TestContext.Current.CancellationToken);
        Finished run = await cli.RunAsync("start", "--config", file);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("format", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_ends_with_4_and_says_what_to_do()
    {
        Finished run = await cli.RunAsync("topic", "list", "--bootstrap", $"127.0.0.1:{FreePorts.NextPair()}");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains("--bootstrap", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData]
    [InlineData("start")]
    [InlineData("topic")]
    [InlineData("topic", "create")]
    [InlineData("produce")]
    [InlineData("storage", "format")]
    public async Task Help_is_no_error_and_is_given_for_every_command(params string[] command)
    {
        Finished run = (await cli.RunAsync([.. command, "--help"])).Succeeded();
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        if (command.Length != 1 || command[0] != "topic") Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _moldau moldau")]
    [InlineData("zsh", "#compdef moldau")]
    [InlineData("fish", "complete -c moldau")]
    public async Task Completion_scripts_ask_the_program(string shell, string expected) =>
        Assert.Contains(expected, (await cli.RunAsync("completion", shell)).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public async Task The_program_knows_what_completes_a_line() =>
        Assert.Contains("create", (await cli.RunAsync("[suggest:13]", "moldau topic ")).Succeeded().Lines);
}
