using Moldau.Protocol.Batches;

namespace Moldau.Protocol.Tests.Batches;

public sealed class ReplicatedRecordsTests
{
    [Fact]
    public void A_damaged_batch_is_refused()
    {
        byte[] records = Records();
        records[^1] ^= 1;
        Assert.Equal(RecordFormatError.Checksum, Assert.Throws<RecordFormatException>(() => ReplicatedRecords.Scan(records)).Error);
    }

    [Fact]
    public void Offsets_that_do_not_rise_are_refused()
    {
        byte[] batch = At(10, 2);
        byte[] repeated = [.. batch, .. batch];
        Assert.Equal(RecordFormatError.Batch, Assert.Throws<RecordFormatException>(() => ReplicatedRecords.Scan(repeated)).Error);
    }

    [Fact]
    public void A_torn_batch_at_the_end_is_left_out()
    {
        byte[] records = Records();
        byte[] torn = [.. records, .. At(40, 1)[..30]];
        Assert.Equal(ReplicatedRecords.Scan(records), ReplicatedRecords.Scan(torn));
        Assert.Equal(0, ReplicatedRecords.Scan(records.AsSpan(0, 20)).BatchCount);
    }

    [Fact]
    public void Offsets_epoch_and_largest_timestamp_are_found()
    {
        ReplicatedRecords found = ReplicatedRecords.Scan(Records());
        Assert.Equal(new ReplicatedRecords(Records().Length, 3, new(10), new(30), new(4), SampleBatches.Now + 2, new(12)), found);
    }

    private static byte[] Records() => [.. At(10, 3), .. At(20, 2), .. At(30, 1)];

    private static byte[] At(long offset, int count) => SampleBatches.Build(
        new() { BaseOffset = new(offset), LeaderEpoch = new(4) },
        Enumerable.Range(0, count).Select(i => new Sent(SampleBatches.Now + i, NullableBytes.Null, new byte[5], [])));
}
