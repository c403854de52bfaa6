using System.Collections.Immutable;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>The registered brokers and controllers. Immutable.</summary>
public sealed record ClusterImage
{
    /// <summary>Nobody registered.</summary>
    public static readonly ClusterImage Empty = new();

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<int, BrokerRegistration> Brokers { get; init; } = ImmutableSortedDictionary<int, BrokerRegistration>.Empty;

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<int, ControllerRegistration> Controllers { get; init; } = ImmutableSortedDictionary<int, ControllerRegistration>.Empty;

    /// <summary>The registration of a broker; null when it is not registered.</summary>
    public BrokerRegistration? Broker(int id) => Brokers.GetValueOrDefault(id);

    /// <summary>Whether a broker is registered, not fenced and not shutting down.</summary>
    public bool IsActive(int broker) => Broker(broker) is { IsActive: true };

    internal ClusterImage Replay(RegisterBrokerRecord record) => this with { Brokers = Brokers.SetItem(record.BrokerId, BrokerRegistration.From(record)) };

    internal ClusterImage Replay(UnregisterBrokerRecord record)
    {
        Existing(record.BrokerId, record.BrokerEpoch, nameof(UnregisterBrokerRecord));
        return this with { Brokers = Brokers.Remove(record.BrokerId) };
    }

    internal ClusterImage Replay(FenceBrokerRecord record) => With(Existing(record.Id, record.Epoch, nameof(FenceBrokerRecord)) with { Fenced = true });

    internal ClusterImage Replay(UnfenceBrokerRecord record) => With(Existing(record.Id, record.Epoch, nameof(UnfenceBrokerRecord)) with { Fenced = false });

    internal ClusterImage Replay(BrokerRegistrationChangeRecord record)
    {
        BrokerRegistration broker = Existing(record.BrokerId, record.BrokerEpoch, nameof(BrokerRegistrationChangeRecord));
        if (record.Fenced is < -1 or > 1) throw new MetadataReplayException($"BrokerRegistrationChangeRecord for broker {record.BrokerId}: unknown value {record.Fenced} of Fenced");
        if (record.InControlledShutdown is < 0 or > 1)
        {
            throw new MetadataReplayException($"BrokerRegistrationChangeRecord for broker {record.BrokerId}: unknown value {record.InControlledShutdown} of InControlledShutdown");
        }

        return With(broker with
        {
            Fenced = record.Fenced == 0 ? broker.Fenced : record.Fenced == 1,
            InControlledShutdown = record.InControlledShutdown == 1 || broker.InControlledShutdown,
            Directories = record.LogDirs.Count == 0 ? broker.Directories : [.. record.LogDirs],
            CordonedDirectories = record.CordonedLogDirs is { } cordoned ? [.. cordoned] : broker.CordonedDirectories,
        });
    }

    internal ClusterImage Replay(RegisterControllerRecord record) => this with { Controllers = Controllers.SetItem(record.ControllerId, ControllerRegistration.From(record)) };

    internal ClusterImage Replay(UnregisterControllerRecord record)
    {
        if (!Controllers.ContainsKey(record.ControllerId)) throw new MetadataReplayException($"UnregisterControllerRecord for controller {record.ControllerId}, which is not registered");
        return this with { Controllers = Controllers.Remove(record.ControllerId) };
    }

    private ClusterImage With(BrokerRegistration broker) => this with { Brokers = Brokers.SetItem(broker.Id, broker) };

    private BrokerRegistration Existing(int id, long epoch, string record)
    {
        BrokerRegistration? broker = Broker(id);
        if (broker is null) throw new MetadataReplayException($"{record} for broker {id}, which is not registered");
        if (broker.Epoch != epoch) throw new MetadataReplayException($"{record} for broker {id} at epoch {epoch}, which is registered at epoch {broker.Epoch}");
        return broker;
    }
}
