using System.Collections.Immutable;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>Whom a quota is for: a part of user, client-id and ip each with a name, where null means the default. In order of type.</summary>
public sealed record ClientQuotaEntity(ImmutableArray<KeyValuePair<string, string?>> Parts) : IComparable<ClientQuotaEntity>
{
    /// <summary>The entity of a record; the order of parts does not matter.</summary>
    public static ClientQuotaEntity From(ClientQuotaRecord record) => new(
        [.. record.Entity.Select(part => KeyValuePair.Create(part.EntityType, part.EntityName)).OrderBy(part => part.Key, StringComparer.Ordinal)]);

    public int CompareTo(ClientQuotaEntity? other)
    {
        if (other is null) return 1;
        for (int i = 0; i < Math.Min(Parts.Length, other.Parts.Length); i++)
        {
            int order = string.CompareOrdinal(Parts[i].Key, other.Parts[i].Key);
            if (order == 0) order = string.CompareOrdinal(Parts[i].Value, other.Parts[i].Value);
            if (order != 0) return order;
        }

        return Parts.Length.CompareTo(other.Parts.Length);
    }

    public bool Equals(ClientQuotaEntity? other) => CompareTo(other) == 0;

    public override int GetHashCode() => Parts.Length == 0 ? 0 : HashCode.Combine(Parts[0].Key, Parts[0].Value, Parts.Length);
}

/// <summary>Quotas by entity, then by key (for example <c>producer_byte_rate</c>). Immutable.</summary>
public sealed record ClientQuotasImage
{
    /// <summary>No quotas.</summary>
    public static readonly ClientQuotasImage Empty = new();

    /// <summary>Entities with at least one quota.</summary>
    public ImmutableSortedDictionary<ClientQuotaEntity, ImmutableSortedDictionary<string, double>> Entities { get; init; } =
        ImmutableSortedDictionary<ClientQuotaEntity, ImmutableSortedDictionary<string, double>>.Empty;

    internal ClientQuotasImage Replay(ClientQuotaRecord record)
    {
        ClientQuotaEntity entity = ClientQuotaEntity.From(record);
        ImmutableSortedDictionary<string, double> quotas = Entities.GetValueOrDefault(entity, ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));
        quotas = record.Remove ? quotas.Remove(record.Key) : quotas.SetItem(record.Key, record.Value);
        return this with { Entities = quotas.IsEmpty ? Entities.Remove(entity) : Entities.SetItem(entity, quotas) };
    }
}
