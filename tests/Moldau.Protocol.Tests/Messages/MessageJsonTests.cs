using System.Text.Json;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class MessageJsonTests
{
    [Theory]
    [InlineData("""{"topics":1,"allowAutoTopicCreation":true}""", "MetadataRequest.topics")]
    [InlineData("""{"topics":[{"name":1}],"allowAutoTopicCreation":true}""", "MetadataRequest.topics[0].name")]
    [InlineData("""{"topics":[{"name":"a"},{"name":"b"},{}],"allowAutoTopicCreation":true}""", "MetadataRequest.topics[2].name")]
    [InlineData("""{"topics":null,"allowAutoTopicCreation":"yes"}""", "MetadataRequest.allowAutoTopicCreation")]
    [InlineData("""{"topics":null}""", "MetadataRequest.allowAutoTopicCreation")]
    [InlineData("""{"topics":null,"allowAutoTopicCreation":true,"colour":1}""", "MetadataRequest.colour")]
    [InlineData("""{"topics":[{"name":"a","topicId":"short"}],"allowAutoTopicCreation":true}""", "MetadataRequest.topics[0].topicId")]
    [InlineData("[]", "MetadataRequest")]
    public void What_is_not_the_messages_form_is_refused_at_a_named_field(string json, string path)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonException refusal = Assert.Throws<JsonException>(() => new MetadataRequest().ReadJson(document.RootElement, 4));
        Assert.StartsWith(path + ":", refusal.Message);
    }

    [Fact]
    public void A_number_that_does_not_fit_is_refused()
    {
        using JsonDocument document = JsonDocument.Parse("""{"memberEpoch":2147483648}""");
        JsonException refusal = Assert.Throws<JsonException>(() => new ConsumerGroupHeartbeatRequest().ReadJson(document.RootElement, 0));
        Assert.StartsWith("ConsumerGroupHeartbeatRequest.memberEpoch:", refusal.Message);
    }

    [Fact]
    public void Numbers_that_JSON_lacks_go_by_name()
    {
        var request = new DescribeClientQuotasResponse
        {
            Entries = [new() { Values = [new() { Key = "a", Value = double.NaN }, new() { Key = "b", Value = double.NegativeInfinity }] }],
        };
        using JsonDocument document = JsonDocument.Parse(request.ToJson(1).ToJsonString());
        var back = new DescribeClientQuotasResponse();
        back.ReadJson(document.RootElement, 1);
        Assert.Equal([double.NaN, double.NegativeInfinity], back.Entries![0].Values.Select(each => each.Value));
    }
}
