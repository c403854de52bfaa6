namespace Moldau.Compat.Oracle;

/// <summary>What a Moldau node answers to raw requests, at every version that it serves, is what Apache Kafka answers. The requests are the tables of <c>cases</c>.</summary>
public sealed class OracleTests(OraclePair pair) : IClassFixture<OraclePair>
{
    [Fact]
    public Task ApiVersions_are_answered_alike() => AnswersAreAlikeAsync("18-ApiVersions");

    [Fact]
    public Task Configurations_are_altered_alike() => AnswersAreAlikeAsync("44-IncrementalAlterConfigs");

    [Fact]
    public Task Configurations_are_described_alike() => AnswersAreAlikeAsync("32-DescribeConfigs");

    [Fact]
    public Task Configurations_are_replaced_alike() => AnswersAreAlikeAsync("33-AlterConfigs");

    [Fact]
    public Task Connections_end_alike() => AnswersAreAlikeAsync("connections");

    [Fact]
    public Task Epochs_are_answered_alike() => AnswersAreAlikeAsync("23-OffsetForLeaderEpoch");

    [Fact]
    public Task Fetch_is_answered_alike() => AnswersAreAlikeAsync("01-Fetch");

    [Fact]
    public Task ListOffsets_is_answered_alike() => AnswersAreAlikeAsync("02-ListOffsets");

    [Fact]
    public Task Metadata_is_answered_alike() => AnswersAreAlikeAsync("03-Metadata");

    [Fact]
    public Task Partitions_are_added_alike() => AnswersAreAlikeAsync("37-CreatePartitions");

    [Fact]
    public Task Produce_is_answered_alike() => AnswersAreAlikeAsync("00-Produce");

    [Fact]
    public Task Producers_are_described_alike() => AnswersAreAlikeAsync("61-DescribeProducers");

    [Fact]
    public Task Producers_get_ids_alike() => AnswersAreAlikeAsync("22-InitProducerId");

    [Fact]
    public Task The_cluster_is_described_alike() => AnswersAreAlikeAsync("60-DescribeCluster");

    [Fact]
    public Task Records_are_deleted_alike() => AnswersAreAlikeAsync("21-DeleteRecords");

    [Fact]
    public Task Topics_are_created_alike() => AnswersAreAlikeAsync("19-CreateTopics");

    [Fact]
    public Task Topics_are_deleted_alike() => AnswersAreAlikeAsync("20-DeleteTopics");

    [Fact]
    public Task Topics_are_described_page_by_page_alike() => AnswersAreAlikeAsync("75-DescribeTopicPartitions");

    [Fact]
    public Task Configurations_of_groups_metrics_and_loggers_are_altered_alike() => AnswersAreAlikeAsync("other-configs");

    [Fact]
    public Task Configured_resources_are_listed_alike() => AnswersAreAlikeAsync("74-ListConfigResources");

    [Fact]
    public Task Features_are_updated_alike() => AnswersAreAlikeAsync("57-UpdateFeatures");

    [Fact]
    public Task Leaders_are_elected_alike() => AnswersAreAlikeAsync("43-ElectLeaders");

    [Fact]
    public Task Reassignments_are_answered_alike() => AnswersAreAlikeAsync("45-AlterPartitionReassignments");

    [Fact]
    public Task Reassignments_are_listed_alike() => AnswersAreAlikeAsync("46-ListPartitionReassignments");

    [Fact]
    public Task The_quorum_is_described_alike() => AnswersAreAlikeAsync("55-DescribeQuorum");

    [Fact]
    public Task Voters_are_added_alike() => AnswersAreAlikeAsync("80-AddRaftVoter");

    [Fact]
    public Task Voters_are_removed_alike() => AnswersAreAlikeAsync("81-RemoveRaftVoter");

    [Fact]
    public Task Brokers_are_taken_out_alike() => AnswersAreAlikeAsync("64-UnregisterBroker");

    [Fact]
    public Task Controllers_are_taken_out_alike() => AnswersAreAlikeAsync("94-UnregisterController");

    private async Task AnswersAreAlikeAsync(string table)
    {
        Client.RequirePeer();
        using CancellationTokenSource deadline = Client.Deadline();
        List<string> differences = await pair.DifferencesAsync(OracleTable.Read(table), deadline.Token);
        if (differences.Count > 0) Assert.Fail($"{differences.Count} answers differ:\n{string.Join('\n', differences)}");
    }
}
