using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated.Disk;

namespace Moldau.Broker.Tests.Directories;

/// <summary>Logs on the disk whose partitions the metadata do not have.</summary>
public sealed class StrayTests
{
    [Fact]
    public void A_log_without_a_topic_is_put_aside_and_stays() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("kept");
        await world.StopNodeAsync();
        SimulatedDisk disk = world.Machine.Disk;
        disk.CreateDirectory("/data/gone-0");
        disk.Open("/data/gone-0/00000000000000000000.log", Storage.Files.FileOpen.CreateEmpty).Dispose();
        await world.StartNodeAsync();
        string[] folders = [.. disk.ListDirectories("/data")];
        Assert.Contains("kept-0", folders);
        Assert.DoesNotContain("gone-0", folders);
        string aside = Assert.Single(folders, static name => name.EndsWith("-stray", StringComparison.Ordinal));
        Assert.StartsWith("gone-0.", aside, StringComparison.Ordinal);
        await world.StopNodeAsync();
        await world.StartNodeAsync();
        Assert.Contains(aside, disk.ListDirectories("/data"));
    });

    [Fact]
    public void A_log_of_another_topic_of_the_same_name_is_put_aside_and_a_new_one_made() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        await client.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "old")), 9);
        await world.StopNodeAsync();
        using (Storage.Files.IFile file = world.Machine.Disk.Open("/data/t-0/partition.metadata", Storage.Files.FileOpen.CreateEmpty))
            file.Write(0, System.Text.Encoding.ASCII.GetBytes($"version: 0\ntopic_id: {new Uuid(7, 7)}"));
        await world.StartNodeAsync();
        client = await world.ConnectAsync();
        FetchResponse fetched = await client.AskAsync(Batches.Fetch("t", 0, 0), 11);
        Assert.Equal((0, 0), ((int)fetched.Responses[0].Partitions[0].ErrorCode, (int)fetched.Responses[0].Partitions[0].HighWatermark));
        Assert.Single(world.Machine.Disk.ListDirectories("/data"), static name => name.StartsWith("t-0.", StringComparison.Ordinal) && name.EndsWith("-stray", StringComparison.Ordinal));
    });

    [Fact]
    public void A_log_that_has_lost_the_id_of_its_topic_gets_it_again() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        await world.StopNodeAsync();
        SimulatedDisk disk = world.Machine.Disk;
        string before = Text(disk);
        disk.DeleteFile("/data/t-0/partition.metadata");
        await world.StartNodeAsync();
        await world.StopNodeAsync();
        Assert.Equal(before, Text(disk));

        static string Text(SimulatedDisk disk) => Storage.Checkpoints.AtomicFile.Read(disk, "/data/t-0", "partition.metadata", 1000)!;
    });

    [Fact]
    public void Many_topics_are_all_found_again_however_often_their_metadata_are_published_meanwhile() => NodeWorld.Run(async world =>
    {
        for (int i = 0; i < 20; i++) await world.CreateTopicAsync($"t{i}");
        world.Machine.Kill();
        await world.StartNodeAsync();
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"t{i}-0", world.Machine.Disk.ListDirectories("/data")));
        Assert.DoesNotContain(world.Machine.Disk.ListDirectories("/data"), static name => name.EndsWith("-stray", StringComparison.Ordinal));
    });
}
