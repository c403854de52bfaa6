using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;

namespace Moldau.Coordinators.Groups;

/// <summary>
/// What a write was for, where more hangs on its outcome than an answer. The group is held itself, not by name: by the time the outcome
/// is known it may be gone, and another of the same name be in its place.
/// </summary>
internal abstract record PendingWrite(ClassicGroup Group);

/// <summary>A group's first record. Without it the group does not exist.</summary>
internal sealed record GroupCreated(ClassicGroup Group) : PendingWrite(Group);

/// <summary>The leader's assignment for a generation.</summary>
/// <param name="Group">The group.</param>
/// <param name="Generation">The generation it is for.</param>
/// <param name="Assignments">Assignment by member id; a member that the leader left out has none.</param>
internal sealed record AssignmentStored(ClassicGroup Group, int Generation, IReadOnlyDictionary<string, byte[]> Assignments) : PendingWrite(Group);

/// <summary>A static member came back under a new id without a rebalance.</summary>
/// <param name="Group">The group.</param>
/// <param name="OldMember">The member as it was, put back if the write fails.</param>
/// <param name="NewMemberId">The id it has now.</param>
/// <param name="OldLeaderId">Who led before, which clients before JoinGroup v9 are told.</param>
/// <param name="ApiVersion">The JoinGroup's version.</param>
internal sealed record StaticMemberReplaced(ClassicGroup Group, ClassicMember OldMember, string NewMemberId, string? OldLeaderId, short ApiVersion)
    : PendingWrite(Group);
