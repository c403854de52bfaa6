using Moldau.Protocol;

namespace Moldau.Broker.Fetching;

/// <summary>What a partition is called in a fetch: by its topic's name, or by its id.</summary>
internal readonly record struct FetchKey(string? Topic, Uuid TopicId, int Partition);
