using System.Text;
using Confluent.Kafka;

namespace Moldau.Compat.Confluent;

/// <summary>A member of a group that polls on its own thread until it is stopped, and tells what it was given and what it read.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedSet<int> _assigned = [];
    private readonly List<string> _read = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly Task _polling;
    private int _revoked;
    private Error? _failure;

    public GroupMember(ConsumerBuilder<byte[], byte[]> builder, string topic)
    {
        _consumer = builder
            .SetPartitionsAssignedHandler((_, partitions) => Change(() => _assigned.UnionWith(partitions.Select(partition => partition.Partition.Value))))
            .SetPartitionsRevokedHandler((_, partitions) => Change(() => Revoke(partitions)))
            .SetPartitionsLostHandler((_, partitions) => Change(() => Revoke(partitions)))
            .SetErrorHandler((_, error) => Change(() => _failure = error))
            .Build();
        _consumer.Subscribe(topic);
        _polling = Task.Run(Poll);
    }

    public int[] Assigned => Take(() => _assigned.ToArray());

    public string[] Read => Take(() => _read.ToArray());

    /// <summary>How many partitions were taken away so far.</summary>
    public int Revoked => Take(() => _revoked);

    /// <summary>The last error that the client told of.</summary>
    public Error? Failure => Take(() => _failure);

    /// <summary>Stops polling and closes: a dynamic member leaves the group, a static one keeps its place.</summary>
    public async Task CloseAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _polling;
        try
        {
            _consumer.Close();
        }
        catch (KafkaException failure)
        {
            // A member that was fenced has nothing left to leave; a test that expects otherwise sees it in Failure.
            Change(() => _failure = failure.Error);
        }

        _consumer.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _stop.Dispose();
    }

    private void Poll()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(50)) is { IsPartitionEOF: false } record)
                    Change(() => _read.Add(Encoding.UTF8.GetString(record.Message.Value)));
            }
            catch (ConsumeException failure)
            {
                Change(() => _failure = failure.Error);
                if (failure.Error.IsFatal) return;
            }
        }
    }

    private void Revoke(List<TopicPartitionOffset> partitions)
    {
        _assigned.ExceptWith(partitions.Select(partition => partition.Partition.Value));
        _revoked += partitions.Count;
    }

    private void Change(Action change)
    {
        lock (_lock) change();
    }

    private T Take<T>(Func<T> take)
    {
        lock (_lock) return take();
    }
}
