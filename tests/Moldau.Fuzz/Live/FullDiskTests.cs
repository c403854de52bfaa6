using System.Globalization;
using Moldau.Client;

namespace Moldau.Fuzz.Live;

/// <summary>A disk that fills up under load.</summary>
public sealed class FullDiskTests
{
    private const int DiskMebibytes = 24, MoreMebibytes = 128, ValueBytes = 4000;

    /// <summary>When a record is given up; on a full disk none is acknowledged any more.</summary>
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task What_was_acknowledged_before_the_disk_was_full_is_there_once_there_is_room_again()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using SmallDisk? disk = await SmallDisk.MountAsync(DiskMebibytes);
        if (disk == null) Assert.Skip("not on this machine: needs root, who alone may mount a small file system");
        await using LiveNode node = await LiveNode.StartAsync(cancellation, disk!.Path);
        int acknowledged = await FillAsync(node, cancellation);
        Assert.InRange(acknowledged, 1, DiskMebibytes * 1024 * 1024 / ValueBytes);
        await node.Process.EndedAsync(cancellation);
        Assert.Contains(node.Complaints, line => line.Contains("Make room", StringComparison.Ordinal));

        await disk.GrowAsync(MoreMebibytes);
        node.Process.Start();
        await node.Process.ServingAsync(cancellation);
        await using var reader = new GoodClient(node.Bootstrap, ValueBytes);
        List<string> read = await reader.ReadAsync(acknowledged, cancellation);
        for (int i = 0; i < acknowledged; i++) Assert.Equal(i.ToString(CultureInfo.InvariantCulture), read[i]);
    }

    private static async Task<int> FillAsync(LiveNode node, CancellationToken cancellation)
    {
        await using var client = new GoodClient(node.Bootstrap, ValueBytes);
        await client.CreateTopicsAsync(cancellation);
        await Assert.ThrowsAnyAsync<KafkaException>(() => client.ProduceAsync(() => true, cancellation, DeliveryTimeout));
        return client.Acknowledged;
    }
}
