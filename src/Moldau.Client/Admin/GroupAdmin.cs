using Moldau.Client.Clusters;
using Moldau.Client.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Groups, their members and committed offsets. See <see cref="AdminClient"/>.</summary>
public sealed class GroupAdmin
{
    private readonly Cluster cluster;
    private readonly AdminRequests requests;
    private readonly GroupOffsets offsets;

    internal GroupAdmin(Cluster cluster, AdminRequests requests)
    {
        this.cluster = cluster;
        this.requests = requests;
        offsets = new GroupOffsets(requests);
    }

    /// <summary>All groups of the cluster, from every broker (ListGroups).</summary>
    public async Task<IReadOnlyList<GroupListing>> ListAsync(CancellationToken cancellation = default)
    {
        await cluster.Retries.RunAsync("brokers", cluster.Options.OperationTimeout, async token =>
        {
            await cluster.RefreshAsync(token);
            return true;
        }, cancellation);
        Dictionary<string, GroupListing> found = new(StringComparer.Ordinal);
        foreach (BrokerEndpoint broker in cluster.Snapshot.Brokers)
        {
            ListGroupsResponse response = await requests.BrokerAsync(
                "groups", broker.Id, ApiKey.ListGroups, _ => new ListGroupsRequest(), static response => (ErrorCode)response.ErrorCode, cancellation);
            foreach (ListGroupsResponse.ListedGroup group in response.Groups)
            {
                found[group.GroupId] = new GroupListing(group.GroupId, group.ProtocolType, group.GroupState, group.GroupType, broker.Id);
            }
        }

        return [.. found.Values.OrderBy(static group => group.Id, StringComparer.Ordinal)];
    }

    /// <summary>A group with its members (DescribeGroups, or ConsumerGroupDescribe for a group of the newer protocol).</summary>
    public async Task<GroupDescription> DescribeAsync(string group, CancellationToken cancellation = default)
    {
        DescribeGroupsResponse response = await requests.CoordinatorAsync(
            $"group '{group}'",
            group,
            ApiKey.DescribeGroups,
            _ =>
            {
                var request = new DescribeGroupsRequest();
                request.Groups.Add(group);
                return request;
            },
            static response => response.Groups.Count != 1 ? ErrorCode.UnknownServerError
                : ((ErrorCode)response.Groups[0].ErrorCode).IsRetriable() ? (ErrorCode)response.Groups[0].ErrorCode : ErrorCode.None,
            cancellation);
        BrokerEndpoint coordinator = await cluster.Coordinators.FindAsync(group, cancellation);
        DescribeGroupsResponse.DescribedGroup described = response.Groups[0];
        // What the classic API does not know may be a group of the consumer protocol.
        if (described.ErrorCode != 0 || described.GroupState == "Dead")
        {
            if (await ConsumerGroupDescriptions.TryAsync(requests, group, coordinator.Id, cancellation) is { } newer) return newer;
        }

        List<MemberDescription> members = [.. described.Members.Select(member => new MemberDescription(
            member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost, AssignmentOf(described.ProtocolType, member.MemberAssignment)))];
        return new GroupDescription(
            group, (ErrorCode)described.ErrorCode, described.GroupState, described.ProtocolType, described.ProtocolData, coordinator.Id, members);
    }

    /// <summary>Deletes a group that has no members, with its offsets (DeleteGroups).</summary>
    public async Task<ItemResult> DeleteAsync(string group, CancellationToken cancellation = default)
    {
        DeleteGroupsResponse response = await requests.CoordinatorAsync(
            $"delete group '{group}'",
            group,
            ApiKey.DeleteGroups,
            _ =>
            {
                var request = new DeleteGroupsRequest();
                request.GroupsNames.Add(group);
                return request;
            },
            static response => response.Results.Count != 1 ? ErrorCode.UnknownServerError
                : ((ErrorCode)response.Results[0].ErrorCode).IsRetriable() ? (ErrorCode)response.Results[0].ErrorCode : ErrorCode.None,
            cancellation);
        DeleteGroupsResponse.DeletableGroupResult result = response.Results[0];
        return new ItemResult(group, (ErrorCode)result.ErrorCode, result.ErrorMessage);
    }

    /// <summary>The offsets that a group has committed (OffsetFetch).</summary>
    /// <param name="group">The group.</param>
    /// <param name="partitions">Of which partitions; null: of all that have one.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public Task<IReadOnlyList<CommittedOffset>> OffsetsAsync(string group, IReadOnlyCollection<TopicPartition>? partitions = null, CancellationToken cancellation = default) =>
        offsets.FetchAsync(group, partitions, cancellation);

    /// <summary>Sets the committed offsets of a group that has no members on them (OffsetCommit).</summary>
    public Task<IReadOnlyList<CommittedOffset>> AlterOffsetsAsync(string group, IReadOnlyCollection<CommittedOffset> committed, CancellationToken cancellation = default) =>
        offsets.CommitAsync(group, committed, cancellation);

    /// <summary>Forgets committed offsets of partitions whose topic no member is subscribed to (OffsetDelete).</summary>
    public Task<IReadOnlyList<CommittedOffset>> DeleteOffsetsAsync(string group, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default) =>
        offsets.DeleteAsync(group, partitions, cancellation);

    private static IReadOnlyList<TopicPartition> AssignmentOf(string protocolType, byte[] assignment) =>
        protocolType == ConsumerProtocol.Type && ConsumerProtocol.TryReadAssignment(assignment, out IReadOnlyList<TopicPartition>? partitions) ? partitions : [];
}
