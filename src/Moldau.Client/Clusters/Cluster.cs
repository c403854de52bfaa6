using Moldau.Client.Connections;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Clusters;

/// <summary>
/// The cluster as a client sees it: metadata of the topics it has asked about, and connections to brokers. Everything of one client shares it. Thread-safe.
/// </summary>
internal sealed class Cluster
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, bool> interests = new(StringComparer.Ordinal);
    private Task? refreshing;
    private Task? queued;
    private long refreshedAt;
    private int owners;
    private volatile ClusterSnapshot snapshot = ClusterSnapshot.Empty;

    public Cluster(ClientOptions options, ITransport transport, IScheduler scheduler)
    {
        Options = options;
        Scheduler = scheduler;
        Links = new BrokerLinks(transport, scheduler, options);
        Retries = new Retries(scheduler, options);
        Coordinators = new CoordinatorFinder(this);
    }

    public ClientOptions Options { get; }

    public IScheduler Scheduler { get; }

    public BrokerLinks Links { get; }

    public Retries Retries { get; }

    public CoordinatorFinder Coordinators { get; }

    /// <summary>What is known now.</summary>
    public ClusterSnapshot Snapshot => snapshot;

    /// <summary>A number for a producer or consumer that has connections of its own.</summary>
    public int NextOwner() => Interlocked.Increment(ref owners);

    /// <summary>A topic's metadata: as known, if it is fresh and good, else asked for until it is there.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="mayCreate">Whether the broker may create it, if its configuration allows that.</param>
    /// <param name="timeout">How long to ask.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">The topic does not exist, or no broker answers, until the time is over.</exception>
    public async ValueTask<TopicMetadata> TopicAsync(string topic, bool mayCreate, TimeSpan timeout, CancellationToken cancellation)
    {
        if (snapshot.Topic(topic) is { Error: ErrorCode.None } known && !IsStale) return known;
        AddInterest(topic, mayCreate);
        return await Retries.RunAsync($"metadata of topic '{topic}'", timeout, async token =>
        {
            await RefreshAsync(token);
            TopicMetadata? found = snapshot.Topic(topic);
            ErrorCode error = found?.Error ?? ErrorCode.UnknownTopicOrPartition;
            return error == ErrorCode.None ? found! : throw KafkaException.Of(error, $"topic '{topic}'");
        }, cancellation);
    }

    /// <summary>Asks about these topics at each refresh from now on.</summary>
    public void AddInterest(string topic, bool mayCreate)
    {
        lock (gate)
        {
            if (interests.Count >= Limits.KnownTopics && !interests.ContainsKey(topic)) throw new KafkaException(ErrorCode.PolicyViolation, $"this client knows {interests.Count} topics already");
            interests[topic] = mayCreate | interests.GetValueOrDefault(topic);
        }
    }

    /// <summary>Whether the metadata is older than the client's limit.</summary>
    public bool IsStale => Scheduler.Time.GetElapsedTime(Volatile.Read(ref refreshedAt)) > Options.MetadataMaxAge;

    /// <summary>Asks for the metadata of all topics of interest. The answer is from after the call; calls that meet share one request.</summary>
    public Task RefreshAsync(CancellationToken cancellation)
    {
        Task refresh;
        lock (gate)
        {
            if (refreshing is { IsCompleted: false } running) refresh = queued ??= AfterAsync(running);
            else refresh = RefreshOnceAsync();
        }

        return cancellation.CanBeCanceled ? refresh.OrCancelled(cancellation) : refresh;
    }

    /// <summary>A general connection to any broker.</summary>
    public Task<KafkaConnection> AnyAsync(CancellationToken cancellation) => Links.ConnectAnyAsync(snapshot, cancellation);

    /// <summary>A general connection to a broker by its id, which is looked up if it is not known.</summary>
    /// <exception cref="KafkaException">No such broker is alive, or it cannot be reached.</exception>
    public async Task<KafkaConnection> BrokerAsync(int id, CancellationToken cancellation)
    {
        if (snapshot.Broker(id) is null) await RefreshAsync(cancellation);
        BrokerEndpoint broker = snapshot.Broker(id) ?? throw new KafkaException(ErrorCode.BrokerNotAvailable, $"no broker with id {id} is alive");
        return await Links.ConnectAsync(broker, LinkPurpose.General, 0, cancellation);
    }

    public ValueTask DisposeAsync() => Links.DisposeAsync();

    private async Task AfterAsync(Task running)
    {
        // Never on the caller's stack, where it is still being put in the queue.
        await Task.Yield();
        try
        {
            await running;
        }
        catch (KafkaException)
        {
            // Whoever asked for that one was told.
        }

        await RefreshOnceAsync();
    }

    private Task RefreshOnceAsync()
    {
        lock (gate)
        {
            queued = null;
            Task refresh = AskAsync();
            refreshing = refresh;
            return refresh;
        }
    }

    private async Task AskAsync()
    {
        var request = new MetadataRequest { Topics = new MessageArray<MetadataRequest.MetadataRequestTopic>(), AllowAutoTopicCreation = false };
        lock (gate)
        {
            foreach ((string topic, bool mayCreate) in interests)
            {
                request.Topics.Add().Name = topic;
                request.AllowAutoTopicCreation |= mayCreate && snapshot.Topic(topic) is not { Error: ErrorCode.None };
            }
        }

        KafkaConnection connection = await AnyAsync(CancellationToken.None);
        // Before version 1 an empty list means all topics, and before version 4 the flag is always set; no broker since 0.11 is that old.
        MetadataResponse response = await connection.SendAsync(request);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, "metadata");
        lock (gate) snapshot = MetadataMerge.Merge(snapshot, response);
        Volatile.Write(ref refreshedAt, Scheduler.Time.GetTimestamp());
    }
}
