namespace Moldau.Compat.Oracle;

/// <summary>What a Moldau node answers to raw requests, at every version that it serves, is what Apache Kafka answers. The requests are the tables of <c>cases</c>.</summary>
/// <remarks>
/// Run by hand: <c>dotnet run --project tests/Moldau.Compat -- --explicit only --filter-class Moldau.Compat.Oracle.OracleTests</c>.
/// The tables share two nodes, and some leave configurations behind that others see: which of them agree depends on the order in which they run.
/// </remarks>
public sealed class OracleTests(OraclePair pair) : IClassFixture<OraclePair>
{
    [Fact(Explicit = true)]
    public Task ApiVersions_are_answered_alike() => AnswersAreAlikeAsync("18-ApiVersions");

    [Fact(Explicit = true)]
    public Task Configurations_are_altered_alike() => AnswersAreAlikeAsync("44-IncrementalAlterConfigs");

    [Fact(Explicit = true)]
    public Task Configurations_are_described_alike() => AnswersAreAlikeAsync("32-DescribeConfigs");

    [Fact(Explicit = true)]
    public Task Configurations_are_replaced_alike() => AnswersAreAlikeAsync("33-AlterConfigs");

    [Fact(Explicit = true)]
    public Task Connections_end_alike() => AnswersAreAlikeAsync("connections");

    [Fact(Explicit = true)]
    public Task Epochs_are_answered_alike() => AnswersAreAlikeAsync("23-OffsetForLeaderEpoch");

    [Fact(Explicit = true)]
    public Task Fetch_is_answered_alike() => AnswersAreAlikeAsync("01-Fetch");

    [Fact(Explicit = true)]
    public Task ListOffsets_is_answered_alike() => AnswersAreAlikeAsync("02-ListOffsets");

    [Fact(Explicit = true)]
    public Task Metadata_is_answered_alike() => AnswersAreAlikeAsync("03-Metadata");

    [Fact(Explicit = true)]
    public Task Partitions_are_added_alike() => AnswersAreAlikeAsync("37-CreatePartitions");

    [Fact(Explicit = true)]
    public Task Produce_is_answered_alike() => AnswersAreAlikeAsync("00-Produce");

    [Fact(Explicit = true)]
    public Task Producers_are_described_alike() => AnswersAreAlikeAsync("61-DescribeProducers");

    [Fact(Explicit = true)]
    public Task Producers_get_ids_alike() => AnswersAreAlikeAsync("22-InitProducerId");

    [Fact(Explicit = true)]
    public Task The_cluster_is_described_alike() => AnswersAreAlikeAsync("60-DescribeCluster");

    [Fact(Explicit = true)]
    public Task Records_are_deleted_alike() => AnswersAreAlikeAsync("21-DeleteRecords");

    [Fact(Explicit = true)]
    public Task Topics_are_created_alike() => AnswersAreAlikeAsync("19-CreateTopics");

    [Fact(Explicit = true)]
    public Task Topics_are_deleted_alike() => AnswersAreAlikeAsync("20-DeleteTopics");

    [Fact(Explicit = true)]
    public Task Topics_are_described_page_by_page_alike() => AnswersAreAlikeAsync("75-DescribeTopicPartitions");

    [Fact(Explicit = true)]
    public Task Configurations_of_groups_metrics_and_loggers_are_altered_alike() => AnswersAreAlikeAsync("other-configs");

    [Fact(Explicit = true)]
    public Task Configured_resources_are_listed_alike() => AnswersAreAlikeAsync("74-ListConfigResources");

    [Fact(Explicit = true)]
    public Task Features_are_updated_alike() => AnswersAreAlikeAsync("57-UpdateFeatures");

    [Fact(Explicit = true)]
    public Task Leaders_are_elected_alike() => AnswersAreAlikeAsync("43-ElectLeaders");

    [Fact(Explicit = true)]
    public Task Reassignments_are_answered_alike() => AnswersAreAlikeAsync("45-AlterPartitionReassignments");

    [Fact(Explicit = true)]
    public Task Reassignments_are_listed_alike() => AnswersAreAlikeAsync("46-ListPartitionReassignments");

    [Fact(Explicit = true)]
    public Task The_quorum_is_described_alike() => AnswersAreAlikeAsync("55-DescribeQuorum");

    [Fact(Explicit = true)]
    public Task Voters_are_added_alike() => AnswersAreAlikeAsync("80-AddRaftVoter");

    [Fact(Explicit = true)]
    public Task Voters_are_removed_alike() => AnswersAreAlikeAsync("81-RemoveRaftVoter");

    [Fact(Explicit = true)]
    public Task Brokers_are_taken_out_alike() => AnswersAreAlikeAsync("64-UnregisterBroker");

    [Fact(Explicit = true)]
    public Task Controllers_are_taken_out_alike() => AnswersAreAlikeAsync("94-UnregisterController");

    private async Task AnswersAreAlikeAsync(string table)
    {
        Client.RequirePeer();
        using CancellationTokenSource deadline = Client.Deadline();
        List<string> differences = await pair.DifferencesAsync(OracleTable.Read(table), deadline.Token);
        if (differences.Count > 0) Assert.Fail($"{differences.Count} answers differ:\n{string.Join('\n', differences)}");
    }
}
