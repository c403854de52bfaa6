using System.Runtime.InteropServices;
using Moldau.Protocol;

namespace Moldau.Broker.Fetching;

/// <summary>
/// The partitions one fetch reads, in order: the session's, or the request's own. Recycled with the request's context.
/// </summary>
internal sealed class FetchPlan
{
    private readonly List<FetchTarget> own = [];
    private readonly Dictionary<FetchKey, FetchTarget> byKey = [];
    private FetchTarget? first;
    private int ownCount;

    /// <summary>The session; null when the client has none.</summary>
    public FetchSession? Session { get; private set; }

    /// <summary>Whether only what is news is answered.</summary>
    public bool IsIncremental { get; private set; }

    /// <summary>Whether nothing is to be read.</summary>
    public bool IsEmpty => First is null;

    /// <summary>The first partition; the others follow by <see cref="FetchTarget.Next"/>.</summary>
    public FetchTarget? First => Session is null ? first : Session.First;

    /// <summary>Begins a fetch without session.</summary>
    public void Begin()
    {
        Session = null;
        IsIncremental = false;
        first = null;
        ownCount = 0;
        byKey.Clear();
    }

    /// <summary>Begins a fetch of a session.</summary>
    public void Begin(FetchSession session, bool isIncremental)
    {
        Begin();
        Session = session;
        IsIncremental = isIncremental;
    }

    /// <summary>A partition of a full fetch. One that is named again stays where it was first: what is said of it last counts, as in a session.</summary>
    public FetchTarget Add(string? topic, Uuid topicId, int partition)
    {
        if (Session is not null) return Session.GetOrAdd(topic, topicId, partition);
        ref FetchTarget? known = ref CollectionsMarshal.GetValueRefOrAddDefault(byKey, new FetchKey(topic, topicId, partition), out _);
        return known ??= Append(topic, topicId, partition);
    }

    private FetchTarget Append(string? topic, Uuid topicId, int partition)
    {
        if (ownCount == own.Count) own.Add(new FetchTarget());
        FetchTarget target = own[ownCount];
        target.Topic = topic;
        target.TopicId = topicId;
        target.Partition = partition;
        target.Next = null;
        if (ownCount == 0) first = target;
        else own[ownCount - 1].Next = target;
        ownCount++;
        return target;
    }
}
