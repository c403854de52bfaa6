using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>DescribeQuorum, and changes of the voters, of a quorum of one.</summary>
public sealed class QuorumApiTests
{
    private static readonly Uuid Directory = new(7, 8);

    [Theory]
    [InlineData("__cluster_metadata", new[] { 1 })]
    [InlineData("__cluster_metadata", new[] { 0, 0 })]
    [InlineData("other", new[] { 0 })]
    public void Another_partition_than_that_of_the_metadata_log_is_unknown(string topic, int[] partitions) => AdminScenario.Play(async admin =>
    {
        DescribeQuorumResponse response = await admin.Node.AskAsync(Describe(topic, partitions), 2);
        Assert.Equal(0, response.ErrorCode);
        DescribeQuorumResponse.TopicData answer = Assert.Single(response.Topics);
        Assert.Equal(topic, answer.TopicName);
        Assert.Equal(partitions.Select(partition => (partition, (short)ErrorCode.UnknownTopicOrPartition)), answer.Partitions.Select(partition => (partition.PartitionIndex, partition.ErrorCode)));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_one_voter_leads_and_is_level_with_itself(short version) => AdminScenario.PlayApart(async (controller, broker) =>
    {
        foreach (AdminScenario admin in (AdminScenario[])[controller, broker])
        {
            DescribeQuorumResponse response = await admin.Node.AskAsync(Describe("__cluster_metadata", [0]), version);
            DescribeQuorumResponse.PartitionData partition = Assert.Single(Assert.Single(response.Topics).Partitions);
            Assert.Equal((0, 1), (partition.ErrorCode, partition.LeaderId));
            Assert.True(partition.LeaderEpoch > 0 && partition.HighWatermark > 0);
            Assert.Empty(partition.Observers);
            DescribeQuorumResponse.ReplicaState voter = Assert.Single(partition.CurrentVoters);
            Assert.Equal(1, voter.ReplicaId);
            Assert.True(voter.LogEndOffset >= partition.HighWatermark);
            Assert.Equal(version > 0, voter.LastFetchTimestamp > 0 && voter.LastCaughtUpTimestamp == voter.LastFetchTimestamp);
            Assert.Equal(version > 1, voter.ReplicaDirectoryId != Uuid.Zero);
            if (version < 2) continue;
            DescribeQuorumResponse.Node node = Assert.Single(response.Nodes);
            Assert.Equal(("CONTROLLER", "node", 9093), (node.Listeners[0].Name, node.Listeners[0].Host, (int)node.Listeners[0].Port));
        }
    });

    [Fact]
    public void Voters_that_make_no_sense_are_refused() => AdminScenario.PlayApart(async (_, admin) =>
    {
        Assert.Equal(ErrorCode.InconsistentClusterId, await AddAsync(admin, 2, Directory, "CONTROLLER", "other"));
        Assert.Equal(ErrorCode.InvalidRequest, await AddAsync(admin, -1, Directory, "CONTROLLER"));
        Assert.Equal(ErrorCode.InvalidRequest, await AddAsync(admin, 2, Uuid.Zero, "CONTROLLER"));
        Assert.Equal(ErrorCode.InvalidRequest, await AddAsync(admin, 2, Directory, "PLAINTEXT"));
        Assert.Equal(ErrorCode.DuplicateVoter, await AddAsync(admin, 1, Directory, "CONTROLLER"));
        Assert.Equal(ErrorCode.InconsistentClusterId, (ErrorCode)(await admin.Node.AskAsync(new RemoveRaftVoterRequest { ClusterId = "other", VoterId = 1, VoterDirectoryId = Directory }, 0)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, (ErrorCode)(await admin.Node.AskAsync(new RemoveRaftVoterRequest { ClusterId = null, VoterId = 1 }, 0)).ErrorCode);
    });

    [Fact]
    public void A_voter_that_has_not_caught_up_is_not_added_and_the_last_one_stays() => AdminScenario.PlayApart(async (controller, admin) =>
    {
        Assert.Equal(ErrorCode.RequestTimedOut, await AddAsync(admin, 2, Directory, "CONTROLLER"));
        DescribeQuorumResponse before = await admin.Node.AskAsync(Describe("__cluster_metadata", [0]), 2);
        Uuid own = before.Topics[0].Partitions[0].CurrentVoters[0].ReplicaDirectoryId;
        RemoveRaftVoterResponse removed = await controller.Node.AskAsync(new RemoveRaftVoterRequest { ClusterId = null, VoterId = 1, VoterDirectoryId = own }, 0);
        Assert.Equal(ErrorCode.VoterNotFound, (ErrorCode)removed.ErrorCode);
        Assert.Single((await admin.Node.AskAsync(Describe("__cluster_metadata", [0]), 2)).Topics[0].Partitions[0].CurrentVoters);
    });

    [Fact]
    public void A_voter_may_say_again_what_is_known_of_it() => AdminScenario.PlayApart(async (controller, _) =>
    {
        DescribeQuorumResponse known = await controller.Node.AskAsync(Describe("__cluster_metadata", [0]), 2);
        DescribeQuorumResponse.PartitionData partition = known.Topics[0].Partitions[0];
        UpdateRaftVoterRequest Tell(int epoch, int voter, ushort port) => new()
        {
            ClusterId = null,
            CurrentLeaderEpoch = epoch,
            VoterId = voter,
            VoterDirectoryId = partition.CurrentVoters[0].ReplicaDirectoryId,
            Listeners = [new() { Name = "CONTROLLER", Host = "node", Port = port }],
            KRaftVersionFeature = { MinSupportedVersion = 0, MaxSupportedVersion = 1 },
        };
        async Task<ErrorCode> Answer(UpdateRaftVoterRequest request) => (ErrorCode)(await controller.Node.AskAsync(request, 0)).ErrorCode;
        Assert.Equal(ErrorCode.FencedLeaderEpoch, await Answer(Tell(partition.LeaderEpoch - 1, 1, 9093)));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await Answer(Tell(partition.LeaderEpoch + 1, 1, 9093)));
        Assert.Equal(ErrorCode.VoterNotFound, await Answer(Tell(partition.LeaderEpoch, 2, 9093)));
        Assert.Equal(ErrorCode.InvalidRequest, await Answer(Tell(partition.LeaderEpoch, 1, 9094)));
        UpdateRaftVoterResponse told = await controller.Node.AskAsync(Tell(partition.LeaderEpoch, 1, 9093), 0);
        Assert.Equal((0, 1, partition.LeaderEpoch, 9093), (told.ErrorCode, told.CurrentLeader.LeaderId, told.CurrentLeader.LeaderEpoch, told.CurrentLeader.Port));
    });

    private static DescribeQuorumRequest Describe(string topic, int[] partitions) =>
        new() { Topics = [new() { TopicName = topic, Partitions = [.. partitions.Select(partition => new DescribeQuorumRequest.PartitionData { PartitionIndex = partition })] }] };

    private static async Task<ErrorCode> AddAsync(AdminScenario admin, int voter, Uuid directory, string listener, string? cluster = null)
    {
        var request = new AddRaftVoterRequest { ClusterId = cluster, TimeoutMs = 1000, VoterId = voter, VoterDirectoryId = directory, Listeners = [new() { Name = listener, Host = "h", Port = 1 }] };
        return (ErrorCode)(await admin.Node.AskAsync(request, 1)).ErrorCode;
    }
}
