using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Clients;

/// <summary>Reads a group's offsets without being a member, and holds them against what was committed.</summary>
internal sealed class GroupAuditor(SimulatedProcess process, ClusterLedger ledger, GroupLedger group, string groupId, Func<int> boots) : NodeClient(process, ledger)
{
    private readonly GroupOffsets offsets = new(group, groupId, boots);

    public Task CheckAsync(IReadOnlyList<Partition> partitions) => AttemptAsync(async () =>
    {
        OffsetFetchResponse response = await offsets.FetchAsync(AskAsync, partitions);
        if (response.ErrorCode != 0) throw new IOException(((ErrorCode)response.ErrorCode).KafkaName());
    });
}
