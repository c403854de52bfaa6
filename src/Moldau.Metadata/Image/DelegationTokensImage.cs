using System.Collections.Immutable;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>A delegation token without its secret, which every node derives (KIP-48). Times are in milliseconds of the epoch.</summary>
public sealed record DelegationToken(string TokenId, string Owner, string Requester, ImmutableArray<string> Renewers, long IssueTimestamp, long MaxTimestamp, long ExpirationTimestamp);

/// <summary>Delegation tokens. Immutable.</summary>
public sealed record DelegationTokensImage
{
    /// <summary>No tokens.</summary>
    public static readonly DelegationTokensImage Empty = new();

    /// <summary>By id.</summary>
    public ImmutableSortedDictionary<string, DelegationToken> Tokens { get; init; } = ImmutableSortedDictionary.Create<string, DelegationToken>(StringComparer.Ordinal);

    internal DelegationTokensImage Replay(DelegationTokenRecord r) => this with
    {
        Tokens = Tokens.SetItem(r.TokenId, new DelegationToken(r.TokenId, r.Owner, r.Requester, [.. r.Renewers], r.IssueTimestamp, r.MaxTimestamp, r.ExpirationTimestamp)),
    };

    internal DelegationTokensImage Replay(RemoveDelegationTokenRecord record) => this with { Tokens = Tokens.Remove(record.TokenId) };
}
