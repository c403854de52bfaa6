using Moldau.Protocol.Messages;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>The voter set as a record.</summary>
internal static class VoterSets
{
    public static VoterSet FromRecord(VotersRecord record) => new(record.Voters.Select(voter => new VoterNode(
        new ReplicaKey(voter.VoterId, voter.VoterDirectoryId),
        [.. voter.Endpoints.Select(endpoint => new VoterEndpoint(endpoint.Name, endpoint.Host, endpoint.Port))],
        voter.KRaftVersionFeature.MinSupportedVersion,
        voter.KRaftVersionFeature.MaxSupportedVersion)));

    public static VotersRecord ToRecord(VoterSet voters)
    {
        var record = new VotersRecord();
        foreach (VoterNode node in voters.Nodes)
        {
            var voter = new VotersRecord.Voter { VoterId = node.Id, VoterDirectoryId = node.Key.DirectoryId };
            voter.Endpoints.AddRange(node.Endpoints.Select(endpoint =>
                new VotersRecord.Endpoint { Name = endpoint.Listener, Host = endpoint.Host, Port = (ushort)endpoint.Port }));
            voter.KRaftVersionFeature.MinSupportedVersion = node.MinKRaftVersion;
            voter.KRaftVersionFeature.MaxSupportedVersion = node.MaxKRaftVersion;
            record.Voters.Add(voter);
        }

        return record;
    }
}
