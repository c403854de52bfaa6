using System.Text.Json;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.FromKafka;

/// <summary>Every kind of record of the metadata log, at every version, in every variant that Kafka wrote.</summary>
public sealed class GoldenRecordTests
{
    [Fact]
    public void Every_golden_record_replays_onto_what_it_needs()
    {
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        int cases = 0;
        foreach (string line in File.ReadLines(Present.Fact("golden/metadata.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            IMessage record = MessageCatalog.Create(root.GetProperty("m").GetString()!)!;
            var reader = new WireReader(Convert.FromHexString(root.GetProperty("hex").GetString()!));
            record.Read(ref reader, root.GetProperty("v").GetInt16());
            var delta = new MetadataDelta(MetadataImage.Empty);
            foreach (IMessage needed in Needs(record)) delta.Replay(needed);
            try
            {
                delta.Replay(record);
            }
            catch (MetadataReplayException) when (IsNonsense(record))
            {
                continue;
            }
            finally
            {
                kinds.Add(record.Schema.Name);
            }

            cases++;
            if (!delta.InTransaction) _ = ImageWriter.Write(delta.Apply(default)).Count();
        }

        Assert.Equal(27, kinds.Count);
        Assert.True(cases > 100, $"only {cases} cases replayed");
    }

    /// <summary>Values that fit the layout and mean nothing: replicas without directories, states and levels that do not exist.</summary>
    private static bool IsNonsense(IMessage record) => record switch
    {
        PartitionRecord r => r.Replicas.Count != r.Directories.Count || r.LeaderRecoveryState is not (0 or 1),
        PartitionChangeRecord r => (r.Replicas?.Count ?? 1) != (r.Directories?.Count ?? 1) || r.LeaderRecoveryState is not (-1 or 0 or 1),
        BrokerRegistrationChangeRecord r => r.Fenced is < -1 or > 1 || r.InControlledShutdown is < 0 or > 1,
        ProducerIdsRecord r => r.NextProducerId < 0,
        _ => false,
    };

    private static IEnumerable<IMessage> Needs(IMessage record) => record switch
    {
        PartitionRecord r => [new TopicRecord { Name = "t", TopicId = r.TopicId }],
        PartitionChangeRecord r => [new TopicRecord { Name = "t", TopicId = r.TopicId }, new PartitionRecord { TopicId = r.TopicId, PartitionId = r.PartitionId, Replicas = [1], Isr = [1], Directories = [new Uuid(9, 9)] }],
        RemoveTopicRecord r => [new TopicRecord { Name = "t", TopicId = r.TopicId }],
        ClearElrRecord r => [new TopicRecord { Name = r.TopicName, TopicId = new Uuid(1, 1) }],
        UnregisterBrokerRecord r => [new RegisterBrokerRecord { BrokerId = r.BrokerId, BrokerEpoch = r.BrokerEpoch }],
        FenceBrokerRecord r => [new RegisterBrokerRecord { BrokerId = r.Id, BrokerEpoch = r.Epoch }],
        UnfenceBrokerRecord r => [new RegisterBrokerRecord { BrokerId = r.Id, BrokerEpoch = r.Epoch }],
        BrokerRegistrationChangeRecord r => [new RegisterBrokerRecord { BrokerId = r.BrokerId, BrokerEpoch = r.BrokerEpoch }],
        UnregisterControllerRecord r => [new RegisterControllerRecord { ControllerId = r.ControllerId }],
        RemoveAccessControlEntryRecord r => [new AccessControlEntryRecord { Id = r.Id }],
        RemoveUserScramCredentialRecord r => [new UserScramCredentialRecord { Name = r.Name, Mechanism = r.Mechanism }],
        EndTransactionRecord or AbortTransactionRecord => [new BeginTransactionRecord()],
        _ => [],
    };
}
