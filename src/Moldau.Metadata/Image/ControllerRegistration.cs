using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>A controller as it registered (KIP-919). Immutable.</summary>
public sealed record ControllerRegistration
{
    /// <summary>The controller's node id.</summary>
    public required int Id { get; init; }

    /// <summary>Drawn at each start.</summary>
    public required Uuid IncarnationId { get; init; }

    /// <summary>Left from the migration off ZooKeeper.</summary>
    public bool ZkMigrationReady { get; init; }

    /// <summary>In the order of the registration.</summary>
    public required ImmutableArray<Endpoint> Listeners { get; init; }

    /// <summary>What it supports, by feature.</summary>
    public required ImmutableSortedDictionary<string, LevelRange> SupportedFeatures { get; init; }

    /// <summary>The registration that a record describes.</summary>
    public static ControllerRegistration From(RegisterControllerRecord record) => new()
    {
        Id = record.ControllerId,
        IncarnationId = record.IncarnationId,
        ZkMigrationReady = record.ZkMigrationReady,
        Listeners = [.. record.EndPoints.Select(e => new Endpoint(e.Name, e.Host, e.Port, e.SecurityProtocol))],
        SupportedFeatures = record.Features.ToImmutableSortedDictionary(f => f.Name, f => new LevelRange(f.MinSupportedVersion, f.MaxSupportedVersion), StringComparer.Ordinal),
    };

    /// <summary>The record that makes this registration.</summary>
    public MetadataRecord ToRecord()
    {
        var record = new RegisterControllerRecord { ControllerId = Id, IncarnationId = IncarnationId, ZkMigrationReady = ZkMigrationReady };
        foreach (Endpoint e in Listeners)
        {
            record.EndPoints.Add(new RegisterControllerRecord.ControllerEndpoint { Name = e.Name, Host = e.Host, Port = (ushort)e.Port, SecurityProtocol = e.SecurityProtocol });
        }

        foreach ((string name, LevelRange range) in SupportedFeatures)
        {
            record.Features.Add(new RegisterControllerRecord.ControllerFeature { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }

        return new MetadataRecord(record, 0);
    }

    /// <summary>Equal in every field; collections by content.</summary>
    public bool Equals(ControllerRegistration? other) =>
        other is not null && Id == other.Id && IncarnationId == other.IncarnationId && ZkMigrationReady == other.ZkMigrationReady &&
        Listeners.SequenceEqual(other.Listeners) && SupportedFeatures.SequenceEqual(other.SupportedFeatures);

    public override int GetHashCode() => HashCode.Combine(Id, IncarnationId);
}
