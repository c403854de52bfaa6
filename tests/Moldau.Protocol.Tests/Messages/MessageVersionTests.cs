using System.Text.Json;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class MessageVersionTests
{
    [Fact]
    public void A_version_that_a_message_lacks_is_refused_both_ways()
    {
        using var writer = new WireWriter();
        using JsonDocument json = JsonDocument.Parse("{}");
        foreach (MessageSchema schema in MessageCatalog.All)
        {
            foreach (int version in new[] { schema.Versions.Lowest - 1, schema.Versions.Highest + 1 })
            {
                IMessage message = MessageCatalog.Create(schema.Name)!;
                Assert.Throws<MessageVersionException>(() => message.Write(writer, (short)version));
                Assert.Throws<MessageVersionException>(() => message.ReadJson(json.RootElement, (short)version));
                Assert.Throws<MessageVersionException>(() => Read(message, (short)version));
            }
        }
    }

    [Fact]
    public void Unknown_tags_at_a_version_without_tagged_fields_are_refused()
    {
        using var writer = new WireWriter();
        var request = new FetchRequest { UnknownTags = [new UnknownTag(5, [1])] };
        Assert.Throws<MessageVersionException>(() => request.Write(writer, 11));
        request.Write(writer, 12);
    }

    [Theory]
    [InlineData(7, 6)]
    [InlineData(7, 7)]
    [InlineData(-1, 7)]
    [InlineData(0, 7)]
    public void Unknown_tags_out_of_order_or_known_are_refused(int first, int second)
    {
        using var writer = new WireWriter();
        var request = new FetchRequest { ClusterId = "known at tag 0", UnknownTags = [new UnknownTag(first, []), new UnknownTag(second, [])] };
        Assert.Throws<MessageVersionException>(() => request.Write(writer, 12));
    }

    [Fact]
    public void A_message_is_unchanged_by_bytes_that_are_refused()
    {
        var request = new FetchRequest { RackId = "rack-1", Topics = [new() { Topic = "a" }] };
        Assert.Throws<WireFormatException>(() => Read(request, 12));
        Assert.Equal("rack-1", request.RackId);
        Assert.Equal("a", Assert.Single(request.Topics).Topic);
    }

    [Fact]
    public void Reset_brings_back_every_default()
    {
        foreach (MessageSchema schema in MessageCatalog.All.Where(each => !each.Versions.IsEmpty))
        {
            IMessage message = MessageCatalog.Create(schema.Name)!;
            string fresh = message.ToJson(schema.Versions.Highest).ToJsonString();
            message.Reset();
            Assert.Equal(fresh, message.ToJson(schema.Versions.Highest).ToJsonString());
        }
    }

    private static void Read(IMessage message, short version)
    {
        var reader = new WireReader(Array.Empty<byte>());
        message.Read(ref reader, version);
    }
}
