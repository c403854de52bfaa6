using CsCheck;
using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

/// <summary>
/// Random members of one group that join, sync, heartbeat, commit, leave, fall silent and come back, over a log whose appends and commits
/// fail now and then. CsCheck prints the seed of a failure.
/// </summary>
public sealed class GroupModelTests
{
    private const int Members = 5;

    private enum Move { Proceed, ProceedAll, Join, Sync, Heartbeat, Commit, Leave, Silent, Wait, Settle, HoldCommits, ReleaseCommits, FailAppend, FailCommits, Delete }

    [Fact]
    public void Whatever_members_do_leaders_are_unique_assignments_are_the_leaders_and_every_request_is_answered() =>
        Gen.Select(Moves, Gen.Int[0, Members - 1], Gen.Int[0, 20_000]).Array[20, 200]
            .Sample(moves => new Model().Play(moves.Select(move => (move.Item1, move.Item2, move.Item3))), iter: 300, threads: 1);

    [Fact]
    public void Members_that_only_do_what_clients_do_settle_with_everyone_assigned()
    {
        var model = new Model();
        model.Play(Enumerable.Range(0, 40).SelectMany(_ => new[] { (Move.ProceedAll, 0, 1_001), (Move.Wait, 0, 1_000) }));
        Assert.True(model.AssignedTogether >= 4, $"{model.AssignedTogether} assignments in groups of several");
    }

    /// <summary>Mostly clients that go on as clients do, so that groups settle; every other move disturbs them.</summary>
    private static Gen<Move> Moves => Gen.Frequency(
        (40, Gen.Const(Move.ProceedAll)), (30, Gen.Const(Move.Proceed)), (25, Gen.Const(Move.Wait)), (30, Gen.Enum<Move>()));

    private sealed class Model
    {
        private readonly ShardDriver driver = new(new GroupConfig { MaxSize = 4 });
        private readonly GroupClient group;
        private readonly Actor[] actors;
        private readonly Dictionary<(ClassicGroup Group, int Generation), string> leaders = [];
        private readonly Dictionary<(ClassicGroup Group, int Generation, string Member), byte[]> assigned = [];
        private long? acknowledged;

        public int AssignedTogether { get; private set; }

        public Model()
        {
            group = new GroupClient(driver, "g");
            actors = [.. Enumerable.Range(0, Members).Select(index => new Actor(index, index < 2 ? $"static{index}" : null))];
            driver.Answered = Observe;
        }

        public void Play(IEnumerable<(Move Move, int Actor, int Number)> moves)
        {
            foreach (var (move, index, number) in moves) Step(move, actors[index], number);
            driver.NextAppend = ErrorCode.None;
            driver.CommitsAtOnce = true;
            driver.Commit();
            ForgetDeleted();
            ShardDriver loaded = driver.Reload();
            Assert.Equal(driver.Durable(), loaded.Durable());
            if (acknowledged is { } offset) Assert.Equal(offset, new GroupClient(loaded, "g").Fetch().CommittedOffset);

            // With nobody left to ask, time alone answers what is parked.
            driver.Advance(1_000_000);
            Assert.Empty(driver.Outstanding);
        }

        private void Step(Move move, Actor actor, int number)
        {
            switch (move)
            {
                case Move.Proceed:
                    Proceed(actor, number);
                    break;
                case Move.ProceedAll:
                    foreach (Actor each in actors) Proceed(each, number);
                    break;
                case Move.Join:
                    Join(actor, number, actor.Instance is null || number % 2 == 0 ? actor.MemberId : "");
                    break;
                case Move.Sync:
                    Sync(actor);
                    break;
                case Move.Heartbeat:
                    Heartbeat(actor);
                    break;
                case Move.Commit:
                    Park(actor, () => group.Commit(number, actor.MemberId, actor.Generation, actor.Instance), number);
                    break;
                case Move.Leave:
                    group.Leave((actor.MemberId, actor.Instance));
                    break;
                case Move.Silent: actor.Forget(); break;
                case Move.Wait: driver.Advance(number / 4); break;
                case Move.Settle: driver.Advance(400_000); break;
                case Move.HoldCommits: driver.CommitsAtOnce = false; break;
                case Move.ReleaseCommits:
                    driver.CommitsAtOnce = true;
                    driver.Commit();
                    break;
                case Move.FailAppend: driver.NextAppend = ErrorCode.MessageTooLarge; break;
                case Move.FailCommits:
                    driver.FailCommits(ErrorCode.RequestTimedOut);
                    acknowledged = null;
                    break;
                case Move.Delete:
                    driver.Ask((shard, now, token) => shard.DeleteGroups(now, ["g"], token));
                    break;
            }

            ForgetDeleted();
        }

        /// <summary>An offset may go with its group, by request or in time.</summary>
        private void ForgetDeleted()
        {
            if (driver.Shard.State.Offsets.Committed.IsEmpty) acknowledged = null;
        }

        /// <summary>What a client does next: join when it has to, ask for its assignment, then heartbeat.</summary>
        private void Proceed(Actor actor, int number)
        {
            if (askers.Values.Any(asker => asker.Actor == actor && asker.Number < 0)) return;
            if (actor.HasToJoin) Join(actor, number, actor.MemberId);
            else if (!actor.IsAssigned) Sync(actor);
            else Heartbeat(actor);
        }

        private void Join(Actor actor, int number, string memberId)
        {
            string[] protocols = number % 5 == 0 ? ["sticky", "range"] : ["range"];
            Park(actor, () => group.Join(memberId, actor.Instance, protocols, sessionMs: 6_000 + number), -1);
        }

        private void Heartbeat(Actor actor)
        {
            ErrorCode error = group.Heartbeat(actor.MemberId, actor.Generation, actor.Instance);
            if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId) actor.Forget();
            if (error != ErrorCode.None) actor.HasToJoin = true;
        }

        private void Sync(Actor actor)
        {
            int generation = actor.Generation;
            string memberId = actor.MemberId;
            (string, byte[])[] assignments =
                [.. actor.Listed.Select(member => (member, new[] { (byte)generation, (byte)actor.Index, (byte)member.Length }))];
            bool isAwaited = driver.Shard.Live.Find("g") is { State: ClassicGroupState.CompletingRebalance, AssignmentPending: false } awaiting
                && awaiting.IsLeader(memberId) && awaiting.Generation == generation;
            if (isAwaited)
            {
                ClassicGroup current = driver.Group("g");
                foreach (var (member, assignment) in assignments) assigned.TryAdd((current, generation, member), assignment);
            }

            Park(actor, () => group.Sync(memberId, generation, assignments, actor.Instance), -1);
        }

        /// <summary>Requests are answered in the middle of a step: who asked is noted before the step.</summary>
        private readonly Dictionary<ReplyToken, (Actor Actor, int Generation, string MemberId, long Number)> askers = [];
        private (Actor Actor, int Generation, string MemberId, long Number)? asking;

        private void Park(Actor actor, Func<ReplyToken> ask, long number = 0)
        {
            asking = (actor, actor.Generation, actor.MemberId, number);
            ReplyToken token = ask();
            if (asking is { } asker && !driver.IsAnswered(token)) askers[token] = asker;
            asking = null;
        }

        private void Observe(ReplyToken token)
        {
            if (!askers.Remove(token, out var asker))
            {
                if (asking is not { } now || token != driver.LastToken) return;
                asker = now;
            }

            switch (driver.Answer<object>(token, exact: false))
            {
                case JoinGroupResponse response: ObserveJoin(asker.Actor, response); break;
                case SyncGroupResponse response: ObserveSync(asker, response); break;
                case OffsetCommitResponse when group.CommitError(token) == ErrorCode.None: acknowledged = asker.Number; break;
            }
        }

        private void ObserveJoin(Actor actor, JoinGroupResponse response)
        {
            var error = (ErrorCode)response.ErrorCode;
            if (error is ErrorCode.None or ErrorCode.MemberIdRequired or ErrorCode.UnknownMemberId) actor.MemberId = response.MemberId;
            if (error != ErrorCode.None) return;
            (actor.Generation, actor.HasToJoin, actor.IsAssigned) = (response.GenerationId, false, false);
            actor.Listed = [.. response.Members.Select(member => member.MemberId)];
            if (actor.Listed.Length == 0) return;
            Assert.Equal(response.MemberId, response.Leader);
            Assert.Contains(response.MemberId, actor.Listed);
            var key = (driver.Group("g"), response.GenerationId);
            if (!response.SkipAssignment && leaders.TryGetValue(key, out string? leader)) Assert.Equal(leader, response.MemberId);
            leaders[key] = response.MemberId;
        }

        private void ObserveSync((Actor Actor, int Generation, string MemberId, long Number) asker, SyncGroupResponse response)
        {
            var error = (ErrorCode)response.ErrorCode;
            if (error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId) asker.Actor.Forget();
            asker.Actor.IsAssigned = error == ErrorCode.None;
            asker.Actor.HasToJoin = error != ErrorCode.None;
            if (error != ErrorCode.None || response.Assignment.Length == 0) return;
            if (driver.Group("g").Members.Count > 1) AssignedTogether++;
            Assert.Equal((byte)asker.Generation, response.Assignment[0]);

            // A static member that came back has the assignment of its former self.
            if (assigned.TryGetValue((driver.Group("g"), asker.Generation, asker.MemberId), out byte[]? expected)) Assert.Equal(expected, response.Assignment);
            else Assert.NotNull(asker.Actor.Instance);
        }
    }

    private sealed class Actor(int index, string? instance)
    {
        public int Index { get; } = index;

        public string? Instance { get; } = instance;

        public string MemberId { get; set; } = "";

        public int Generation { get; set; } = -1;

        public string[] Listed { get; set; } = [];

        public bool HasToJoin { get; set; } = true;

        public bool IsAssigned { get; set; }

        public void Forget() => (MemberId, Generation, Listed, HasToJoin) = ("", -1, [], true);
    }
}
