using System.Globalization;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>Commits offsets of a group and reads them back, and holds what is read against what was committed.</summary>
internal sealed class GroupOffsets(GroupLedger group, string groupId, Func<int> boots)
{
    /// <summary>Commits; the result says for each offset what came of it.</summary>
    public async Task<List<(Commit Commit, ErrorCode Error)>> CommitAsync(
        Func<OffsetCommitRequest, short, Task<OffsetCommitResponse>> ask, string memberId, int generation, SortedDictionary<Partition, long> positions)
    {
        List<(Commit, ErrorCode)> outcomes = [];
        SortedDictionary<Partition, Commit> commits = [];
        foreach ((Partition partition, long offset) in positions) commits[partition] = group.Committed(partition).Begin(offset, memberId, boots(), group.Now());
        OffsetCommitResponse response = await ask(
            GroupRequests.Commit(groupId, memberId, generation, commits.Select(static each => (each.Key, each.Value.Offset, each.Value.Number.ToString(CultureInfo.InvariantCulture)))),
            GroupRequests.CommitVersion);
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions)
            {
                Commit commit = commits[new Partition(topic.Name, partition.PartitionIndex)];
                var error = (ErrorCode)partition.ErrorCode;
                if (error == ErrorCode.None) commit.Acknowledged = group.Now();
                else if (error is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress) commit.IsRefused = true;
                outcomes.Add((commit, error));
            }
        }

        return outcomes;
    }

    /// <summary>Asks for committed offsets, and checks them.</summary>
    public async Task<OffsetFetchResponse> FetchAsync(Func<OffsetFetchRequest, short, Task<OffsetFetchResponse>> ask, IEnumerable<Partition> partitions)
    {
        long asked = group.Now();
        OffsetFetchResponse response = await ask(GroupRequests.Offsets(groupId, partitions), GroupRequests.OffsetsVersion);
        if (response.ErrorCode != 0)
        {
            var error = (ErrorCode)response.ErrorCode;
            if (!Requests.IsTransient(error)) throw new BrokenPromiseException($"offsets of group {groupId} may not be read: {error.KafkaName()}");
            return response;
        }

        foreach (OffsetFetchResponse.OffsetFetchResponseTopic topic in response.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartition partition in topic.Partitions)
            {
                group.Committed(new Partition(topic.Name, partition.PartitionIndex)).Check(partition.CommittedOffset, partition.Metadata, asked);
            }
        }

        return response;
    }

    /// <summary>The offsets in an answer.</summary>
    public IEnumerable<(Partition Partition, long Offset)> Committed(OffsetFetchResponse response) => response.Topics.SelectMany(
        topic => topic.Partitions.Select(partition => (new Partition(topic.Name, partition.PartitionIndex), partition.CommittedOffset)));
}
