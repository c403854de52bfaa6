using Moldau.Metadata;
using Moldau.Protocol.Messages;
using Moldau.Raft;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Quorum;

/// <summary>The power is cut at every write and flush of a workload: whatever a listener was told of is there again.</summary>
public sealed class RaftCrashTests
{
    private const int Appends = 12;

    [Fact]
    public void What_was_committed_survives_a_power_cut_at_any_moment()
    {
        int cuts = 0, survived = 0;
        for (int operation = 1; ; operation++)
        {
            (bool wasCut, int committed) = CutAt(operation);
            if (!wasCut) break;
            cuts++;
            survived += committed;
        }

        // Cut everywhere, and not only before anything was committed.
        Assert.True(cuts > 50, $"{cuts} cuts");
        Assert.True(survived > 100, $"{survived} records");
    }

    private static (bool WasCut, int Committed) CutAt(int operation)
    {
        using var world = new SimulatedWorld((ulong)operation);
        SimulatedHost machine = world.AddHost("node");
        SimulatedProcess process = machine.Start();
        List<string> committed = [];
        int epoch = 0;
        machine.Disk.CutAt(machine.Disk.OperationCount + operation);
        Task workload = process.Scheduler.Start("workload", () => WorkAsync(process));
        world.RunUntil(() => workload.IsCompleted || !machine.HasPower);
        bool wasCut = !machine.HasPower;
        if (!wasCut) machine.PowerCut();

        SimulatedProcess again = machine.Start();
        Task check = again.Scheduler.Start("check", () => CheckAsync(again));
        world.RunUntil(() => check.IsCompleted);
        check.GetAwaiter().GetResult();
        return (wasCut, committed.Count);

        async Task WorkAsync(SimulatedProcess node)
        {
            var host = new QuorumHost(node.Files, node.Scheduler, "/data");
            await host.StartAsync();
            await host.Listener.LeadsAsync();
            epoch = host.Listener.LeaderEpoch;
            for (int i = 0; i < Appends; i++)
            {
                long last = host.Raft.Append(epoch, [RaftNodeTests.Topic($"t{i}")]);
                await host.Listener.CommittedAsync(last);
                committed.Add($"t{i}");
                if (i == Appends / 2) await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(last + 1, epoch), 0, committed.Select(RaftNodeTests.Topic));
            }
        }

        async Task CheckAsync(SimulatedProcess node)
        {
            var host = new QuorumHost(node.Files, node.Scheduler, "/data");
            await host.StartAsync();
            await host.Listener.LeadsAsync();
            string[] found = [.. host.Listener.Snapshot.Concat(host.Listener.Records.Select(entry => entry.Record)).Select(Name)];
            Assert.True(host.Listener.LeaderEpoch > epoch, $"epoch {host.Listener.LeaderEpoch} after {epoch} (cut at {operation})");
            Assert.True(found.Length >= committed.Count, $"{found.Length} of {committed.Count} records (cut at {operation})");
            Assert.Equal(committed, found[..committed.Count]);
            long last = host.Raft.Append(host.Listener.LeaderEpoch, [RaftNodeTests.Topic("after")]);
            await host.Listener.CommittedAsync(last);
            await host.StopAsync();
        }
    }

    private static string Name(MetadataRecord record) => ((TopicRecord)record.Message).Name;
}
