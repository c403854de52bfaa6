using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>Told when partitions come and go in a group. Called within a poll and when the consumer is closed; what it throws comes out there.</summary>
public interface IRebalanceListener
{
    /// <summary>Partitions are the consumer's from now on. With a cooperative assignor only the new ones.</summary>
    ValueTask AssignedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation);

    /// <summary>Partitions are about to go to others: the last moment to commit.</summary>
    ValueTask RevokedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation);

    /// <summary>Partitions have gone already: commits for them are refused.</summary>
    ValueTask LostAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation) => RevokedAsync(partitions, cancellation);
}
