using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>CreateTopics.</summary>
internal sealed class TopicCreation(ControllerOptions options, ControllerState state, ConfigControl configs, PartitionAssignment assignment)
{
    /// <summary>CreateTopics (key 19): new topics with their partitions and configurations; each succeeds or fails alone.</summary>
    /// <remarks>
    /// Errors, by topic: TOPIC_ALREADY_EXISTS, INVALID_TOPIC_EXCEPTION, INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT,
    /// INVALID_CONFIG, INVALID_REQUEST, POLICY_VIOLATION (too many partitions in one request).
    /// </remarks>
    /// <param name="request">The request; topics that the asker may not create are taken out before.</param>
    /// <param name="mayDescribe">Whether the asker may see a topic's configuration.</param>
    internal ControllerResult<CreateTopicsResponse> Create(CreateTopicsRequest request, Func<string, bool> mayDescribe)
    {
        var records = new List<MetadataRecord>();
        var response = new CreateTopicsResponse();
        bool tooMany = TotalPartitions(request) > Limits.PartitionsPerRequest;
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var duplicates = new SortedSet<string>(request.Topics.Select(t => t.Name).Where(name => !names.Add(name)), StringComparer.Ordinal);
        var created = new CreatedTopics();
        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            if (duplicates.Contains(topic.Name)) continue;
            var result = new CreateTopicsResponse.CreatableTopicResult { Name = topic.Name, ErrorMessage = null };
            ApiError error = tooMany
                ? new ApiError(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.")
                : Create(topic, mayDescribe(topic.Name), created, records, result);
            result.ErrorCode = (short)error.Code;
            result.ErrorMessage = error.Message;
            response.Topics.Add(result);
        }

        foreach (string name in duplicates)
        {
            response.Topics.Add(new CreateTopicsResponse.CreatableTopicResult
            {
                Name = name,
                ErrorCode = (short)ErrorCode.InvalidRequest,
                ErrorMessage = "Duplicate topic name.",
            });
        }

        return new ControllerResult<CreateTopicsResponse>(request.ValidateOnly ? [] : records, response, true);
    }

    private long TotalPartitions(CreateTopicsRequest request)
    {
        long total = 0;
        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            total += topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.NumPartitions == -1 ? options.DefaultPartitions : Math.Max(0, topic.NumPartitions);
        }

        return total;
    }

    private ApiError Create(
        CreateTopicsRequest.CreatableTopic topic, bool describe, CreatedTopics created, List<MetadataRecord> records, CreateTopicsResponse.CreatableTopicResult result)
    {
        ApiError error = CheckName(topic.Name, created);
        if (error.IsFailure) return error;
        ImmutableArray<string> nulls = [.. topic.Configs.Where(c => c.Value is null).Select(c => c.Name)];
        if (!nulls.IsEmpty) return new ApiError(ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {string.Join(',', nulls)}");
        var configRecords = new List<MetadataRecord>();
        if (topic.Configs.Count > 0)
        {
            error = configs.Alter(ConfigResource.Topic(topic.Name), [.. topic.Configs.Select(c => new ConfigChange(c.Name, ConfigOperation.Set, c.Value))], true, configRecords);
            if (error.IsFailure) return error;
        }

        error = Assign(topic, out ImmutableArray<PartitionRegistration> partitions);
        if (error.IsFailure) return error;

        Uuid id = options.Random.NewId();
        created.Add(topic.Name);
        Describe(topic, describe, id, partitions, result);
        records.Add(new MetadataRecord(new TopicRecord { Name = topic.Name, TopicId = id }, 0));
        records.AddRange(configRecords);
        for (int number = 0; number < partitions.Length; number++) records.Add(partitions[number].ToRecord(id, number, state.MetadataVersion));
        return ApiError.None;
    }

    private ApiError CheckName(string name, CreatedTopics created)
    {
        if (name == TopicNames.ClusterMetadata) return new ApiError(ErrorCode.InvalidRequest, $"Creation of internal topic {name} is prohibited.");
        if (state.Topics.Find(name) is not null) return new ApiError(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        if (TopicNames.Reject(name) is { } reason) return new ApiError(ErrorCode.InvalidTopicException, reason);
        string? colliding = TopicNames.HasCollisionCharacters(name) ? state.Index.Colliding(name) ?? created.Colliding(name) : null;
        return colliding is null
            ? ApiError.None
            : new ApiError(ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {colliding}");
    }

    private ApiError Assign(CreateTopicsRequest.CreatableTopic topic, out ImmutableArray<PartitionRegistration> partitions)
    {
        partitions = [];
        if (topic.Assignments.Count > 0) return AssignManually(topic, out partitions);
        if (topic.ReplicationFactor is < -1 or 0)
        {
            return new ApiError(ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
        }

        if (topic.NumPartitions is < -1 or 0) return new ApiError(ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        int count = topic.NumPartitions == -1 ? options.DefaultPartitions : topic.NumPartitions;
        return assignment.Automatic(count, topic.ReplicationFactor == -1 ? options.DefaultReplicationFactor : topic.ReplicationFactor, out partitions);
    }

    private ApiError AssignManually(CreateTopicsRequest.CreatableTopic topic, out ImmutableArray<PartitionRegistration> partitions)
    {
        partitions = [];
        if (topic.ReplicationFactor != -1)
        {
            return new ApiError(ErrorCode.InvalidRequest, "A manual partition assignment was specified, but replication factor was not set to -1.");
        }

        if (topic.NumPartitions != -1) return new ApiError(ErrorCode.InvalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.");
        var made = new SortedDictionary<int, PartitionRegistration>();
        int? replicationFactor = null;
        foreach (CreateTopicsRequest.CreatableReplicaAssignment given in topic.Assignments)
        {
            if (made.ContainsKey(given.PartitionIndex))
            {
                return new ApiError(ErrorCode.InvalidReplicaAssignment, $"Found multiple manual partition assignments for partition {given.PartitionIndex}");
            }

            ApiError error = assignment.Manual([.. given.BrokerIds], replicationFactor, given.PartitionIndex, out PartitionRegistration? partition);
            if (error.IsFailure) return error;
            made[given.PartitionIndex] = partition!;
            replicationFactor = given.BrokerIds.Count;
        }

        if (made.Keys.First() != 0 || made.Keys.Last() != made.Count - 1)
        {
            return new ApiError(ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence");
        }

        partitions = [.. made.Values];
        return ApiError.None;
    }

    private void Describe(
        CreateTopicsRequest.CreatableTopic topic, bool describe, Uuid id, ImmutableArray<PartitionRegistration> partitions, CreateTopicsResponse.CreatableTopicResult result)
    {
        result.TopicId = id;
        result.Configs ??= [];
        if (!describe)
        {
            result.TopicConfigErrorCode = (short)ErrorCode.TopicAuthorizationFailed;
            return;
        }

        result.NumPartitions = partitions.Length;
        result.ReplicationFactor = (short)partitions[0].Replicas.Length;
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (CreateTopicsRequest.CreatableTopicConfig config in topic.Configs) own[config.Name] = config.Value!;
        ConfigurationsImage image = state.Image.Configs;
        IReadOnlyList<EffectiveConfig> effective =
            options.ConfigRules.EffectiveTopicConfigs(own, image.Of(ConfigResource.Broker(options.NodeId)), image.Of(ConfigResource.ClusterDefault));
        foreach (EffectiveConfig config in effective)
        {
            result.Configs.Add(new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = config.Name,
                Value = config.IsSensitive ? null : config.Value,
                ReadOnly = config.IsReadOnly,
                ConfigSource = config.Source,
                IsSensitive = config.IsSensitive,
            });
        }
    }

    /// <summary>Topics of this request: the image does not have them yet, and they may not collide either.</summary>
    private sealed class CreatedTopics
    {
        private readonly SortedDictionary<string, string> byUnifiedName = new(StringComparer.Ordinal);

        internal void Add(string name)
        {
            if (TopicNames.HasCollisionCharacters(name)) byUnifiedName[TopicNames.Unify(name)] = name;
        }

        internal string? Colliding(string name) => byUnifiedName.GetValueOrDefault(TopicNames.Unify(name));
    }
}
