using System.Collections.Immutable;

namespace Moldau.Raft;

/// <summary>A record that raft itself writes into the metadata log.</summary>
public abstract record ControlRecord;

/// <summary>The first record of an epoch: nothing of the epoch is committed before it is.</summary>
/// <param name="LeaderId">The leader.</param>
/// <param name="Voters">The voters at that moment.</param>
/// <param name="GrantingVoters">Who voted for it.</param>
public sealed record LeaderChangeRecord(int LeaderId, ImmutableArray<int> Voters, ImmutableArray<int> GrantingVoters) : ControlRecord;

/// <summary>The kraft.version from here on.</summary>
public sealed record KRaftVersionChange(short Level) : ControlRecord;

/// <summary>The voter set from here on.</summary>
public sealed record VotersChange(VoterSet Voters) : ControlRecord;
