using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>Where a node listens.</summary>
/// <param name="Name">The listener's name.</param>
/// <param name="Host">What clients connect to.</param>
/// <param name="Port">0-65535.</param>
/// <param name="SecurityProtocol">0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record Endpoint(string Name, string Host, int Port, short SecurityProtocol);

/// <summary>A broker as it registered. Immutable.</summary>
public sealed record BrokerRegistration
{
    /// <summary>The broker's id.</summary>
    public required int Id { get; init; }

    /// <summary>Given by the controller at registration, the offset of the registration's first record: requests of an older epoch are stale.</summary>
    public required long Epoch { get; init; }

    /// <summary>Drawn by the broker at each start.</summary>
    public required Uuid IncarnationId { get; init; }

    /// <summary>In the order of the registration.</summary>
    public required ImmutableArray<Endpoint> Listeners { get; init; }

    /// <summary>What it supports, by feature.</summary>
    public required ImmutableSortedDictionary<string, LevelRange> SupportedFeatures { get; init; }

    /// <summary>Its rack; null: none.</summary>
    public string? Rack { get; init; }

    /// <summary>A fenced broker is in no ISR and leads nothing.</summary>
    public required bool Fenced { get; init; }

    /// <summary>Its leaderships are being moved away.</summary>
    public bool InControlledShutdown { get; init; }

    /// <summary>Left from the migration off ZooKeeper; always false in records of 4.x.</summary>
    public bool IsMigratingZkBroker { get; init; }

    /// <summary>Its log directories that are online; empty when it registered before KIP-858.</summary>
    public ImmutableArray<Uuid> Directories { get; init; } = [];

    /// <summary>Directories that take no new replicas; null when the broker never said.</summary>
    public ImmutableArray<Uuid>? CordonedDirectories { get; init; }

    /// <summary>Neither fenced nor shutting down.</summary>
    public bool IsActive => !Fenced && !InControlledShutdown;

    /// <summary>Whether new replicas may be placed on it.</summary>
    public bool HasUncordonedDirectories => Directories.IsEmpty || CordonedDirectories is not { } cordoned || Directories.Any(dir => !cordoned.Contains(dir));

    /// <summary>The directory to record for a new replica: known when there is only one.</summary>
    public Uuid DefaultDirectory => Directories.Length switch
    {
        0 => Uuid.MigratingDirectory,
        1 => Directories[0],
        _ => Uuid.UnassignedDirectory,
    };

    /// <summary>Whether a replica in the directory can be served. Replicas that are not assigned yet can; lost ones cannot.</summary>
    public bool HasOnlineDirectory(Uuid directory)
    {
        if (directory == Uuid.MigratingDirectory || directory == Uuid.UnassignedDirectory) return true;
        if (directory == Uuid.LostDirectory) return false;
        return Directories.IsEmpty || Directories.Contains(directory);
    }

    /// <summary>The listener of a name; null when it has none.</summary>
    public Endpoint? Listener(string name)
    {
        foreach (Endpoint endpoint in Listeners)
        {
            if (endpoint.Name == name) return endpoint;
        }

        return null;
    }

    /// <summary>The registration that a record describes.</summary>
    public static BrokerRegistration From(RegisterBrokerRecord record) => new()
    {
        Id = record.BrokerId,
        Epoch = record.BrokerEpoch,
        IncarnationId = record.IncarnationId,
        Listeners = [.. record.EndPoints.Select(e => new Endpoint(e.Name, e.Host, e.Port, e.SecurityProtocol))],
        SupportedFeatures = record.Features.ToImmutableSortedDictionary(f => f.Name, f => new LevelRange(f.MinSupportedVersion, f.MaxSupportedVersion), StringComparer.Ordinal),
        Rack = record.Rack,
        Fenced = record.Fenced,
        InControlledShutdown = record.InControlledShutdown,
        IsMigratingZkBroker = record.IsMigratingZkBroker,
        Directories = [.. record.LogDirs],
        CordonedDirectories = record.CordonedLogDirs is { } cordoned ? [.. cordoned] : null,
    };

    /// <summary>The record that makes this registration; what the level cannot carry is left out.</summary>
    public MetadataRecord ToRecord(MetadataVersion version)
    {
        var record = new RegisterBrokerRecord
        {
            BrokerId = Id,
            BrokerEpoch = Epoch,
            IncarnationId = IncarnationId,
            Rack = Rack,
            Fenced = Fenced,
            InControlledShutdown = InControlledShutdown,
            IsMigratingZkBroker = IsMigratingZkBroker && version.RegisterBrokerRecordVersion >= 2,
        };
        foreach (Endpoint e in Listeners)
        {
            record.EndPoints.Add(new RegisterBrokerRecord.BrokerEndpoint { Name = e.Name, Host = e.Host, Port = (ushort)e.Port, SecurityProtocol = e.SecurityProtocol });
        }

        foreach ((string name, LevelRange range) in SupportedFeatures)
        {
            record.Features.Add(new RegisterBrokerRecord.BrokerFeature { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }

        if (version.SupportsDirectories) record.LogDirs = [.. Directories];
        if (version.SupportsCordonedDirectories && CordonedDirectories is { } cordoned) record.CordonedLogDirs = [.. cordoned];
        return new MetadataRecord(record, version.RegisterBrokerRecordVersion);
    }

    /// <summary>Equal in every field; collections by content.</summary>
    public bool Equals(BrokerRegistration? other) =>
        other is not null && Id == other.Id && Epoch == other.Epoch && IncarnationId == other.IncarnationId && Rack == other.Rack &&
        Fenced == other.Fenced && InControlledShutdown == other.InControlledShutdown && IsMigratingZkBroker == other.IsMigratingZkBroker &&
        Listeners.SequenceEqual(other.Listeners) && SupportedFeatures.SequenceEqual(other.SupportedFeatures) && Directories.SequenceEqual(other.Directories) &&
        CordonedDirectories.HasValue == other.CordonedDirectories.HasValue &&
        (CordonedDirectories is not { } mine || mine.SequenceEqual(other.CordonedDirectories!.Value));

    public override int GetHashCode() => HashCode.Combine(Id, Epoch, IncarnationId);
}
