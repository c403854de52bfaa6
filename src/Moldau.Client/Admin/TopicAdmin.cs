using Moldau.Client.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>A topic to be created.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many; -1: the broker's default.</param>
/// <param name="ReplicationFactor">How many replicas each; -1: the broker's default.</param>
public sealed record NewTopic(string Name, int Partitions = -1, short ReplicationFactor = -1)
{
    /// <summary>Its configuration, by Kafka's keys.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();

    /// <summary>The brokers of each partition, chosen by hand; null: the controller chooses.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Assignment { get; init; }
}

/// <summary>What came of creating a topic.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Id">Its new id; zero when it was not made.</param>
/// <param name="Partitions">How many it has; -1 when unknown.</param>
/// <param name="ReplicationFactor">How many replicas each has; -1 when unknown.</param>
/// <param name="Error"><see cref="ErrorCode.None"/> when it was made.</param>
/// <param name="Message">What the broker says in words, if anything.</param>
public sealed record TopicCreation(string Name, Uuid Id, int Partitions, int ReplicationFactor, ErrorCode Error, string? Message)
{
    /// <summary>Throws unless the topic was made.</summary>
    /// <exception cref="KafkaException">It was not.</exception>
    public void ThrowIfFailed()
    {
        if (Error != ErrorCode.None) throw KafkaException.Of(Error, $"topic '{Name}'", Message);
    }
}

/// <summary>Topics: create, delete, describe, add partitions. See <see cref="AdminClient"/>.</summary>
public sealed class TopicAdmin
{
    private const short FirstDeleteByState = 6;
    private readonly AdminRequests requests;

    internal TopicAdmin(AdminRequests requests) => this.requests = requests;

    /// <summary>Creates topics (CreateTopics). Each has its own result.</summary>
    /// <param name="topics">What to create.</param>
    /// <param name="validateOnly">Only say whether it could be done.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<IReadOnlyList<TopicCreation>> CreateAsync(IReadOnlyCollection<NewTopic> topics, bool validateOnly = false, CancellationToken cancellation = default)
    {
        CreateTopicsResponse response = await requests.AnyAsync("create topics", ApiKey.CreateTopics, _ => CreateRequest(topics, validateOnly), WholeError, cancellation);
        return [.. response.Topics.Select(topic =>
            new TopicCreation(topic.Name, topic.TopicId, topic.NumPartitions, topic.ReplicationFactor, (ErrorCode)topic.ErrorCode, topic.ErrorMessage))];
    }

    /// <summary>Deletes topics by name (DeleteTopics). Each has its own result.</summary>
    public async Task<IReadOnlyList<ItemResult>> DeleteAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        DeleteTopicsResponse response = await requests.AnyAsync(
            "delete topics",
            ApiKey.DeleteTopics,
            version =>
            {
                var request = new DeleteTopicsRequest { TimeoutMs = requests.TimeoutMs };
                foreach (string topic in topics)
                {
                    if (version >= FirstDeleteByState) request.Topics.Add().Name = topic;
                    else request.TopicNames.Add(topic);
                }

                return request;
            },
            static response => response.Responses.Count > 0 && response.Responses.All(each => each.ErrorCode == (short)ErrorCode.NotController) ? ErrorCode.NotController : ErrorCode.None,
            cancellation);
        return [.. response.Responses.Select(each => new ItemResult(each.Name ?? each.TopicId.ToString(), (ErrorCode)each.ErrorCode, each.ErrorMessage))];
    }

    /// <summary>Adds partitions (CreatePartitions).</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="total">How many partitions it shall have in all.</param>
    /// <param name="validateOnly">Only say whether it could be done.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<ItemResult> AddPartitionsAsync(string topic, int total, bool validateOnly = false, CancellationToken cancellation = default)
    {
        CreatePartitionsResponse response = await requests.AnyAsync(
            $"partitions of topic '{topic}'",
            ApiKey.CreatePartitions,
            _ =>
            {
                var request = new CreatePartitionsRequest { TimeoutMs = requests.TimeoutMs, ValidateOnly = validateOnly };
                CreatePartitionsRequest.CreatePartitionsTopic entry = request.Topics.Add();
                entry.Name = topic;
                entry.Count = total;
                entry.Assignments = null;
                return request;
            },
            static response => response.Results.Any(each => each.ErrorCode == (short)ErrorCode.NotController) ? ErrorCode.NotController : ErrorCode.None,
            cancellation);
        CreatePartitionsResponse.CreatePartitionsTopicResult result = response.Results[0];
        return new ItemResult(result.Name, (ErrorCode)result.ErrorCode, result.ErrorMessage);
    }

    /// <summary>All topics, with their partitions.</summary>
    public async Task<IReadOnlyList<TopicMetadata>> ListAsync(CancellationToken cancellation = default) => await MetadataAsync(null, cancellation);

    /// <summary>Some topics, with their partitions; <see cref="TopicMetadata.Error"/> tells of those that do not exist. Creates none.</summary>
    public async Task<IReadOnlyList<TopicMetadata>> DescribeAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default) =>
        await MetadataAsync(topics, cancellation);

    private async Task<IReadOnlyList<TopicMetadata>> MetadataAsync(IReadOnlyCollection<string>? topics, CancellationToken cancellation)
    {
        MetadataResponse response = await requests.AnyAsync(
            "metadata",
            ApiKey.Metadata,
            _ =>
            {
                var request = new MetadataRequest { AllowAutoTopicCreation = false, Topics = topics is null ? null : new() };
                foreach (string topic in topics ?? []) request.Topics!.Add().Name = topic;
                return request;
            },
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        List<TopicMetadata> found = [.. response.Topics.Select(MetadataMerge.Of)];
        found.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return found;
    }

    private CreateTopicsRequest CreateRequest(IReadOnlyCollection<NewTopic> topics, bool validateOnly)
    {
        var request = new CreateTopicsRequest { TimeoutMs = requests.TimeoutMs, ValidateOnly = validateOnly };
        foreach (NewTopic topic in topics)
        {
            CreateTopicsRequest.CreatableTopic entry = request.Topics.Add();
            entry.Name = topic.Name;
            entry.NumPartitions = topic.Assignment is null ? topic.Partitions : -1;
            entry.ReplicationFactor = topic.Assignment is null ? topic.ReplicationFactor : (short)-1;
            foreach ((string name, string value) in topic.Configs)
            {
                CreateTopicsRequest.CreatableTopicConfig config = entry.Configs.Add();
                config.Name = name;
                config.Value = value;
            }

            int partition = 0;
            foreach (IReadOnlyList<int> brokers in topic.Assignment ?? [])
            {
                CreateTopicsRequest.CreatableReplicaAssignment assignment = entry.Assignments.Add();
                assignment.PartitionIndex = partition++;
                assignment.BrokerIds.AddRange(brokers);
            }
        }

        return request;
    }

    private static ErrorCode WholeError(CreateTopicsResponse response) =>
        response.Topics.Count > 0 && response.Topics.All(topic => topic.ErrorCode == (short)ErrorCode.NotController) ? ErrorCode.NotController : ErrorCode.None;
}
