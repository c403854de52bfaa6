using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Directories;

public sealed class MetaPropertiesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("version=0\ncluster.id=c\nnode.id=1\n")]
    [InlineData("version=1\nnode.id=1\n")]
    [InlineData("version=1\ncluster.id=c\n")]
    [InlineData("version=1\ncluster.id=c\nnode.id=one\n")]
    [InlineData("version=1\ncluster.id=c\nnode.id=1\ndirectory.id=short\n")]
    public void What_is_no_properties_file_of_version_1_is_refused(string text)
    {
        var disk = new SimulatedDisk(1);
        using (IFile file = disk.Open("/meta.properties", FileOpen.CreateEmpty)) file.Write(0, System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Throws<CheckpointException>(() => MetaProperties.Read(disk, "/"));
    }

    [Fact]
    public void What_is_written_is_read_back_and_survives_a_power_cut()
    {
        var disk = new SimulatedDisk(1);
        var properties = new MetaProperties("MkU3OEVBNTcwNTJENDM2Qg", (BrokerId)1, Uuid.Parse("a2tCygUmQyitnnTbfnlNkw"));
        Assert.Null(MetaProperties.Read(disk, "/"));
        properties.Write(disk, "/");
        disk.PowerCut();
        Assert.Equal(properties, MetaProperties.Read(disk, "/"));
    }

    [Fact]
    public void Kafkas_own_file_is_read()
    {
        using TemporaryFolder folder = SharedFacts.Unpack("plain");
        MetaProperties? properties = MetaProperties.Read(new PhysicalFileSystem(), Path.Join(folder.Path, "data"));
        Assert.Equal(new MetaProperties("MkU3OEVBNTcwNTJENDM2Qg", (BrokerId)1, Uuid.Parse("a2tCygUmQyitnnTbfnlNkw")), properties);
    }
}
