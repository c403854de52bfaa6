using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class FramingTests
{
    [Theory]
    [InlineData("001200030000")]
    [InlineData("0012000300000001")]
    [InlineData("00120003000000010005616200")]
    public void A_request_header_that_ends_early_is_refused(string hex)
    {
        byte[] frame = Convert.FromHexString(hex);
        WireFormatException refusal = Assert.Throws<WireFormatException>(() =>
        {
            var reader = new WireReader(frame);
            MessageFrame.ReadRequestHeader(ref reader, new RequestHeader());
        });
        Assert.StartsWith("RequestHeader.", refusal.FieldPath);
    }

    [Fact]
    public void The_header_of_a_later_ApiVersions_is_read_as_the_flexible_one()
    {
        byte[] frame = Convert.FromHexString("0012" + "0063" + "00000007" + "0001" + "63" + "00" + "ffff");
        var reader = new WireReader(frame);
        var header = new RequestHeader();
        MessageFrame.ReadRequestHeader(ref reader, header);
        Assert.Equal((99, 7, "c"), (header.RequestApiVersion, header.CorrelationId, header.ClientId!));
        Assert.Equal(2, reader.Remaining);
    }

    [Fact]
    public void Too_few_bytes_to_peek_at_are_said_to_be_so() => Assert.False(MessageFrame.TryPeek(new byte[7], out _, out _, out _));

    [Fact]
    public void Every_ApiVersions_response_has_the_first_header()
    {
        for (short version = ApiVersionsResponse.LowestVersion; version <= ApiVersionsResponse.HighestVersion; version++)
        {
            Assert.Equal(0, ApiVersionsResponse.HeaderVersion(version));
            Assert.Equal(0, MessageFrame.ResponseHeaderVersion(ApiKey.ApiVersions, version));
        }

        Assert.Equal(1, FetchResponse.HeaderVersion(12));
        Assert.Equal(2, FetchRequest.HeaderVersion(12));
        Assert.Equal(1, FetchRequest.HeaderVersion(11));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0019")]
    [InlineData("02190000")]
    [InlineData("01c8010000")]
    [InlineData("01190900")]
    [InlineData("0119ffffffff0f00")]
    [InlineData("0119000000")]
    [InlineData("ffffffffff")]
    public void What_is_no_metadata_record_is_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => RecordFraming.ReadMetadata(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_coordinator_key_of_a_later_release_is_not_known() =>
        Assert.Null(RecordFraming.ReadCoordinatorKey(CoordinatorKind.Group, Convert.FromHexString("03e7")));

    [Fact]
    public void A_coordinator_key_with_bytes_after_it_is_refused() =>
        Assert.Throws<WireFormatException>(() => RecordFraming.ReadCoordinatorKey(CoordinatorKind.Transaction, Convert.FromHexString("00000001" + "74" + "00")));

    [Fact]
    public void A_coordinator_value_of_an_unknown_version_is_refused() =>
        Assert.Throws<WireFormatException>(() => RecordFraming.ReadCoordinatorValue(CoordinatorKind.Transaction, new TransactionLogKey(), Convert.FromHexString("0009"), out _));

    [Fact]
    public void A_subscription_of_a_later_release_is_read_as_the_last_known_and_its_end_left()
    {
        using var writer = new WireWriter();
        RecordFraming.WriteVersioned(writer, new ConsumerProtocolSubscription { Topics = ["a"] }, ConsumerProtocolSubscription.HighestVersion);
        byte[] bytes = [.. writer.ToArray(), 1, 2, 3];
        bytes[1] = 77;
        var subscription = new ConsumerProtocolSubscription();
        Assert.Equal(77, RecordFraming.ReadConsumerProtocol(bytes, subscription));
        Assert.Equal("a", Assert.Single(subscription.Topics));
    }

    [Theory]
    [InlineData("ffff")]
    [InlineData("00")]
    public void A_subscription_without_a_version_is_refused(string hex) =>
        Assert.Throws<WireFormatException>(() => RecordFraming.ReadConsumerProtocol(Convert.FromHexString(hex), new ConsumerProtocolSubscription()));
}
