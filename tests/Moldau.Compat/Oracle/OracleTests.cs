namespace Moldau.Compat.Oracle;

/// <summary>Tables that touch topics of their own names only.</summary>
public sealed class OracleTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Produce_is_answered_alike() => AnswersAreAlikeAsync("00-Produce");

    [Fact]
    public Task Fetch_is_answered_alike() => AnswersAreAlikeAsync("01-Fetch");

    [Fact]
    public Task ListOffsets_is_answered_alike() => AnswersAreAlikeAsync("02-ListOffsets");

    [Fact]
    public Task Topics_are_created_alike() => AnswersAreAlikeAsync("19-CreateTopics");

    [Fact]
    public Task Topics_are_deleted_alike() => AnswersAreAlikeAsync("20-DeleteTopics");

    [Fact]
    public Task Records_are_deleted_alike() => AnswersAreAlikeAsync("21-DeleteRecords");

    [Fact]
    public Task Producers_get_ids_alike() => AnswersAreAlikeAsync("22-InitProducerId");

    [Fact]
    public Task Epochs_are_answered_alike() => AnswersAreAlikeAsync("23-OffsetForLeaderEpoch");

    [Fact]
    public Task Partitions_are_added_alike() => AnswersAreAlikeAsync("37-CreatePartitions");

    [Fact]
    public Task Leaders_are_elected_alike() => AnswersAreAlikeAsync("43-ElectLeaders");

    [Fact]
    public Task Reassignments_are_answered_alike() => AnswersAreAlikeAsync("45-AlterPartitionReassignments");

    [Fact]
    public Task Reassignments_are_listed_alike() => AnswersAreAlikeAsync("46-ListPartitionReassignments");

    [Fact]
    public Task Producers_are_described_alike() => AnswersAreAlikeAsync("61-DescribeProducers");

    [Fact]
    public Task Topics_are_described_page_by_page_alike() => AnswersAreAlikeAsync("75-DescribeTopicPartitions");

    [Fact]
    public Task Connections_end_alike() => AnswersAreAlikeAsync("connections");
}

/// <summary>Lists all topics: no others may come and go meanwhile.</summary>
public sealed class OracleMetadataTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Metadata_is_answered_alike() => AnswersAreAlikeAsync("03-Metadata");
}

/// <summary>Describes what nobody may have changed.</summary>
public sealed class OracleDescribedConfigTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Configurations_are_described_alike() => AnswersAreAlikeAsync("32-DescribeConfigs");
}

/// <summary>Tables that leave configurations, groups and levels of loggers behind.</summary>
public sealed class OracleAlteredConfigTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Configurations_are_replaced_alike() => AnswersAreAlikeAsync("33-AlterConfigs");

    [Fact]
    public Task Configurations_are_altered_alike() => AnswersAreAlikeAsync("44-IncrementalAlterConfigs");

    [Fact]
    public Task Configurations_of_groups_metrics_and_loggers_are_altered_alike() => AnswersAreAlikeAsync("other-configs");
}

/// <summary>Lists everything that has a configuration.</summary>
public sealed class OracleConfigResourceTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Configured_resources_are_listed_alike() => AnswersAreAlikeAsync("74-ListConfigResources");
}

/// <summary>Tables that look at the cluster, or ask for changes that one node refuses.</summary>
public sealed class OracleClusterTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task ApiVersions_are_answered_alike() => AnswersAreAlikeAsync("18-ApiVersions");

    [Fact]
    public Task The_quorum_is_described_alike() => AnswersAreAlikeAsync("55-DescribeQuorum");

    [Fact]
    public Task The_cluster_is_described_alike() => AnswersAreAlikeAsync("60-DescribeCluster");

    [Fact]
    public Task Brokers_are_taken_out_alike() => AnswersAreAlikeAsync("64-UnregisterBroker");

    [Fact]
    public Task Voters_are_added_alike() => AnswersAreAlikeAsync("80-AddRaftVoter");

    [Fact]
    public Task Voters_are_removed_alike() => AnswersAreAlikeAsync("81-RemoveRaftVoter");

    [Fact]
    public Task Controllers_are_taken_out_alike() => AnswersAreAlikeAsync("94-UnregisterController");
}

/// <summary>Lowers and raises features, which other tables see.</summary>
public sealed class OracleFeatureTests(OraclePair pair) : OracleTables(pair), IClassFixture<OraclePair>
{
    [Fact]
    public Task Features_are_updated_alike() => AnswersAreAlikeAsync("57-UpdateFeatures");
}
