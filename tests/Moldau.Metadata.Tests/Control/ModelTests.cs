using CsCheck;
using Moldau.Metadata.Control;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

/// <summary>Random operations on a cluster of up to five brokers; after each, everything that must always hold is checked.</summary>
public sealed class ModelTests
{
    private static readonly Gen<(int Kind, int A, int B, int C)[]> Operations =
        Gen.Select(Gen.Int[0, 17], Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 60];

    private static readonly short[] Levels = [7, 11, 17, 22, 23, 26, 33];

    [Fact]
    public void The_controller_the_log_the_broker_and_the_snapshot_agree() =>
        Gen.Select(Gen.UInt, Gen.Int[0, Levels.Length - 1], Operations).Sample(
            (seed, level, operations) =>
            {
                var cluster = new TestCluster(Levels[level], seed: seed, configure: o => o with { MaxIdleIntervalMs = 0 });
                foreach (var operation in operations)
                {
                    Apply(cluster, operation);
                    Check(cluster);
                }
            },
            iter: 300);

    [Fact]
    public void The_same_seed_and_operations_give_the_same_log() =>
        Gen.Select(Gen.UInt, Operations).Sample(
            (seed, operations) =>
            {
                string[] Run()
                {
                    var cluster = new TestCluster(seed: seed);
                    foreach (var operation in operations) Apply(cluster, operation);
                    return [.. cluster.WholeLog.Select(r => $"{r.Offset} {TestCluster.Line(r.Record)}")];
                }

                Assert.Equal(Run(), Run());
            },
            iter: 50);

    private static void Apply(TestCluster cluster, (int Kind, int A, int B, int C) op)
    {
        (int kind, int a, int b, int c) = op;
        Controller controller = cluster.Controller;
        bool registered = cluster.Image.Cluster.Broker(a) is not null;
        cluster.NowMs += c * 700;
        switch (kind)
        {
            case 0 or 1:
                cluster.Register(a, rack: $"r{a % 2}", incarnation: b, previousEpoch: c == 0 && registered ? cluster.Epoch(a) : -1, directories: 1 + a % 2);
                break;
            case 2 or 3 or 4 when registered: cluster.Heartbeat(a); break;
            case 5 when registered: cluster.Heartbeat(a, wantFence: b == 0, wantShutDown: b > 2); break;
            case 6: cluster.Create($"t{b}", 1 + c, (short)(1 + a % 3)); break;
            case 7:
                var delete = new DeleteTopicsRequest { TopicNames = [$"t{b}"] };
                cluster.Run(controller.DeleteTopics(cluster.Context(1), delete, _ => true, _ => true));
                break;
            case 8:
                cluster.Run(controller.CreatePartitions(new CreatePartitionsRequest { Topics = [new() { Name = $"t{b}", Count = 2 + c, Assignments = null }] }));
                break;
            case 9 or 10: AlterIsr(cluster, $"t{b}", c, a); break;
            case 11: cluster.Run(controller.Tick(cluster.NowMs)); break;
            case 12:
                (string key, string value) = c switch { 0 => ("unclean.leader.election.enable", "true"), 1 => ("retention.ms", "5"), _ => ("min.insync.replicas", (1 + a % 3).ToString()) };
                ConfigResource resource = a == 4 ? ConfigResource.ClusterDefault : ConfigResource.Topic($"t{b}");
                cluster.Run(controller.AlterConfigs([new ResourceChanges(resource, [new ConfigChange(key, ConfigOperation.Set, value)])], false));
                break;
            case 13:
                cluster.Run(controller.ElectLeaders(new ElectLeadersRequest { ElectionType = (sbyte)(c % 2), TopicPartitions = null }));
                break;
            case 14 when c == 0: cluster.Run(controller.UnregisterBroker(new UnregisterBrokerRequest { BrokerId = a })); break;
            case 15:
                int[]? wanted = c == 0 ? null : [.. Enumerable.Range(a, c).Select(n => n % 5).Distinct()];
                cluster.Run(controller.AlterPartitionReassignments(new AlterPartitionReassignmentsRequest
                {
                    Topics = [new() { Name = $"t{b}", Partitions = [new() { PartitionIndex = 0, Replicas = wanted is null ? null : [.. wanted] }] }],
                }));
                break;
            case 16 when registered: cluster.Run(controller.AllocateProducerIds(new AllocateProducerIdsRequest { BrokerId = a, BrokerEpoch = cluster.Epoch(a) })); break;
            case 17 when c == 1:
                controller.Deactivate();
                controller.Activate(cluster.NowMs, cluster.NextOffset, []);
                break;
            case 17 when c == 2:
                cluster.Run(controller.UpdateFeatures(cluster.Context(2), new UpdateFeaturesRequest
                {
                    FeatureUpdates = [new() { Feature = MetadataVersion.FeatureName, MaxVersionLevel = Levels[b], UpgradeType = 1 }],
                }));
                break;
        }
    }

    private static void AlterIsr(TestCluster cluster, string name, int number, int mask)
    {
        if (cluster.Image.Topics.Find(name) is not { } topic || topic.Partition(number) is not { HasLeader: true } partition) return;
        int[] isr = [.. partition.Replicas.Where(replica => replica == partition.Leader || (replica + mask) % 2 == 0)];
        var request = new AlterPartitionRequest { BrokerId = partition.Leader, BrokerEpoch = cluster.Epoch(partition.Leader) };
        request.Topics.Add(new()
        {
            TopicId = topic.Id,
            Partitions =
            [
                new()
                {
                    PartitionIndex = number,
                    LeaderEpoch = partition.LeaderEpoch,
                    PartitionEpoch = partition.PartitionEpoch,
                    NewIsrWithEpochs = [.. isr.Select(id => new AlterPartitionRequest.BrokerState { BrokerId = id, BrokerEpoch = -1 })],
                },
            ],
        });
        cluster.Run(cluster.Controller.AlterPartition(cluster.Context(3), request));
    }

    private static void Check(TestCluster cluster)
    {
        var lines = TestCluster.Lines(cluster.Image);
        Assert.Equal(lines, TestCluster.Lines(cluster.Published));

        MetadataDelta snapshot = MetadataDelta.ForSnapshot(MetadataImage.Empty);
        foreach (MetadataRecord record in ImageWriter.Write(cluster.Image)) snapshot.Replay(TestCluster.RoundTrip(record).Message);
        snapshot.FinishSnapshot();
        Assert.Equal(lines, TestCluster.Lines(snapshot.Apply(default)));

        CheckIndex(cluster.Controller.State);
        foreach (TopicImage topic in cluster.Image.Topics.All)
        {
            Assert.Equal(Enumerable.Range(0, topic.Partitions.Count), topic.Partitions.Keys);
            foreach (PartitionRegistration partition in topic.Partitions.Values) CheckPartition(cluster, partition);
        }
    }

    private static void CheckPartition(TestCluster cluster, PartitionRegistration partition)
    {
        Assert.Equal(partition.Replicas.Length, partition.Directories.Length);
        Assert.Equal(partition.Replicas.Length, partition.Replicas.Distinct().Count());
        Assert.Subset(new HashSet<int>(partition.Replicas), new HashSet<int>(partition.Isr));
        Assert.Subset(new HashSet<int>(partition.Replicas), new HashSet<int>(partition.Elr));
        Assert.Empty(partition.Isr.Intersect(partition.Elr));
        Assert.True(partition.Isr.Length > 0 || cluster.Controller.State.ElrEnabled);
        if (!partition.HasLeader) return;
        Assert.Contains(partition.Leader, partition.Isr);
        Assert.False(cluster.Image.Cluster.Broker(partition.Leader)?.Fenced ?? true);
    }

    private static void CheckIndex(ControllerState state)
    {
        var rebuilt = new PartitionIndex();
        rebuilt.Rebuild(state.Topics);
        for (int broker = -1; broker < 5; broker++)
        {
            Assert.Equal(rebuilt.InIsr(broker), state.Index.InIsr(broker));
            Assert.Equal(rebuilt.InElr(broker), state.Index.InElr(broker));
            Assert.Equal(rebuilt.Led(broker), state.Index.Led(broker));
            for (int number = 0; number < 2; number++)
            {
                Assert.Equal(rebuilt.InDirectory(TestCluster.Directory(broker, number)), state.Index.InDirectory(TestCluster.Directory(broker, number)));
            }
        }

        Assert.Equal(rebuilt.Imbalanced, state.Index.Imbalanced);
        Assert.Equal(rebuilt.Reassigning, state.Index.Reassigning);
    }
}
