using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

/// <summary>A producer with five batches under way repeats them after a restart, though a snapshot has only its last one.</summary>
public sealed class RetryAfterRestartTests
{
    private const long Producer = 4000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_of_the_last_five_batches_is_recognised_after_a_clean_stop(bool rolled)
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore first = await TestStore.Open(disk, "/data"))
        {
            PartitionLog log = first.Create("t");
            for (int sequence = 0; sequence < 9; sequence++)
            {
                Append(log, sequence, epoch: 0);
                Append(log, TestBatch.Of(1_795_500_000_000, "another's"));
                if (rolled) log.Roll();
            }

            await first.Close(clean: true);
        }

        await using TestStore second = await TestStore.Open(disk, "/data");
        PartitionLog reopened = second["t", 0];
        for (int sequence = 4; sequence < 9; sequence++)
        {
            AppendResult again = Append(reopened, sequence, epoch: 0);
            Assert.Equal(ErrorCode.None, again.Error);
            Assert.True(again.IsDuplicate);
            Assert.Equal(sequence * 2, again.BaseOffset.Value);
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(reopened, 3, epoch: 0).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(reopened, 10, epoch: 0).Error);
        Assert.False(Append(reopened, 9, epoch: 0).IsDuplicate);
    }

    [Fact]
    public async Task Batches_of_an_older_epoch_are_not_recalled()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore first = await TestStore.Open(disk, "/data"))
        {
            PartitionLog log = first.Create("t");
            for (int sequence = 0; sequence < 3; sequence++) Append(log, sequence, epoch: 0);
            Append(log, 0, epoch: 1);
            Append(log, 1, epoch: 1);
            await first.Close(clean: true);
        }

        await using TestStore second = await TestStore.Open(disk, "/data");
        PartitionLog reopened = second["t", 0];
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Append(reopened, 2 + 1, epoch: 1).Error);
        AppendResult again = Append(reopened, 0, epoch: 1);
        Assert.True(again.IsDuplicate);
        Assert.Equal(3, again.BaseOffset.Value);
    }

    private static AppendResult Append(PartitionLog log, int sequence, short epoch) => Append(log, TestBatch.Idempotent(Producer, epoch, sequence, 1));

    private static AppendResult Append(PartitionLog log, byte[] batch) => log.AppendAsLeader(batch, new AppendContext((LeaderEpoch)0));
}
