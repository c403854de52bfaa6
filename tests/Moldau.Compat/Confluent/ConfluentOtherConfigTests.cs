using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Moldau.Compat.Confluent;

/// <summary>What Confluent.Kafka's admin client can do of groups' configurations.</summary>
public sealed class ConfluentOtherConfigTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task A_groups_configuration_is_changed_key_by_key_and_described()
    {
        using IAdminClient admin = _client.Admin();
        var group = new ConfigResource { Type = ResourceType.Group, Name = NodeFixture.Name("confluent-group") };
        var set = new ConfigEntry { Name = "consumer.session.timeout.ms", Value = "50000", IncrementalOperation = AlterConfigOpType.Set };

        await admin.IncrementalAlterConfigsAsync(new() { [group] = [set] });

        DescribeConfigsResult described = await Client.EventuallyAsync(
            async () => (await admin.DescribeConfigsAsync([group]))[0], result => result.Entries["consumer.session.timeout.ms"].Value == "50000", TestContext.Current.CancellationToken);
        Assert.Equal("50000", described.Entries["consumer.session.timeout.ms"].Value);
        set.Value = "1";
        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => admin.IncrementalAlterConfigsAsync(new() { [group] = [set] }));
        Assert.Equal(ErrorCode.InvalidConfig, Assert.Single(refused.Results).Error.Code);
    }
}
