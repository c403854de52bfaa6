using System.Collections.Immutable;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>Whose SCRAM credential, for which mechanism (1 SHA-256, 2 SHA-512).</summary>
public readonly record struct ScramKey(sbyte Mechanism, string User) : IComparable<ScramKey>
{
    public int CompareTo(ScramKey other)
    {
        int byMechanism = Mechanism.CompareTo(other.Mechanism);
        return byMechanism != 0 ? byMechanism : string.CompareOrdinal(User, other.User);
    }
}

/// <summary>What RFC 5802 has the server keep of a password.</summary>
public sealed record ScramCredential(ImmutableArray<byte> Salt, ImmutableArray<byte> StoredKey, ImmutableArray<byte> ServerKey, int Iterations);

/// <summary>SCRAM credentials. Immutable.</summary>
public sealed record ScramImage
{
    /// <summary>No credentials.</summary>
    public static readonly ScramImage Empty = new();

    /// <summary>By mechanism and user.</summary>
    public ImmutableSortedDictionary<ScramKey, ScramCredential> Credentials { get; init; } = ImmutableSortedDictionary<ScramKey, ScramCredential>.Empty;

    internal ScramImage Replay(UserScramCredentialRecord r) => this with
    {
        Credentials = Credentials.SetItem(new ScramKey(r.Mechanism, r.Name), new ScramCredential([.. r.Salt], [.. r.StoredKey], [.. r.ServerKey], r.Iterations)),
    };

    internal ScramImage Replay(RemoveUserScramCredentialRecord record)
    {
        var key = new ScramKey(record.Mechanism, record.Name);
        if (!Credentials.ContainsKey(key)) throw new MetadataReplayException($"RemoveUserScramCredentialRecord for user {record.Name} and mechanism {record.Mechanism}, which does not exist");
        return this with { Credentials = Credentials.Remove(key) };
    }
}
