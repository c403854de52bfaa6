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

    private enum Move { Join, Sync, Heartbeat, Commit, Leave, Silent, Wait, Settle, HoldCommits, ReleaseCommits, FailAppend, FailCommits, Delete }

    [Fact]
    public void Whatever_members_do_leaders_are_unique_assignments_are_the_leaders_and_every_request_is_answered() =>
        Gen.Select(Gen.Enum<Move>(), Gen.Int[0, Members - 1], Gen.Int[0, 20_000]).Array[1, 120]
            .Sample(moves => new Model().Play(moves.Select(move => (move.Item1, move.Item2, move.Item3))), iter: 400, threads: 1);

    private sealed class Model
    {
        private readonly ShardDriver driver = new(new GroupConfig { MaxSize = 4 });
        private readonly GroupClient group;
        private readonly Actor[] actors;
        private readonly Dictionary<(ClassicGroup Group, int Generation), string> leaders = [];
        private readonly Dictionary<(ClassicGroup Group, int Generation, string Member), byte[]> assigned = [];
        private long? acknowledged;

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
                case Move.Join:
                    string[] protocols = number % 5 == 0 ? ["sticky", "range"] : ["range"];
                    string memberId = actor.Instance is null || number % 2 == 0 ? actor.MemberId : "";
                    Park(actor, () => group.Join(memberId, actor.Instance, protocols, sessionMs: 6_000 + number));
                    break;
                case Move.Sync:
                    Sync(actor);
                    break;
                case Move.Heartbeat:
                    group.Heartbeat(actor.MemberId, actor.Generation, actor.Instance);
                    break;
                case Move.Commit:
                    Park(actor, () => group.Commit(number, actor.MemberId, actor.Generation, actor.Instance), number);
                    break;
                case Move.Leave:
                    group.Leave((actor.MemberId, actor.Instance));
                    break;
                case Move.Silent: actor.Forget(); break;
                case Move.Wait: driver.Advance(number); break;
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

            if (driver.Shard.State.Offsets.Committed.Groups.Count == 0) acknowledged = null;
        }

        private void Sync(Actor actor)
        {
            int generation = actor.Generation;
            string memberId = actor.MemberId;
            (string, byte[])[] assignments =
                [.. actor.Listed.Select(member => (member, new[] { (byte)generation, (byte)actor.Index, (byte)member.Length }))];
            if (driver.Shard.Live.Find("g") is { } current && current.IsLeader(memberId) && current.Generation == generation)
            {
                foreach (var (member, assignment) in assignments) assigned.TryAdd((current, generation, member), assignment);
            }

            Park(actor, () => group.Sync(memberId, generation, assignments, actor.Instance));
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
            actor.Generation = response.GenerationId;
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
            if (response.ErrorCode != 0 || response.Assignment.Length == 0) return;
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

        public void Forget() => (MemberId, Generation, Listed) = ("", -1, []);
    }
}
