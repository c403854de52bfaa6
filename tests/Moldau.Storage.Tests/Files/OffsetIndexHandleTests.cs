using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Tests.Files;

public sealed class OffsetIndexHandleTests
{
    [Fact]
    public void A_look_up_closes_what_it_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "not on this machine: open files are counted in /proc");
        string folder = Directory.CreateTempSubdirectory("moldau-index-").FullName;
        try
        {
            string path = Path.Combine(folder, "00000000000000000000.index");
            var index = new OffsetIndex(new PhysicalFileSystem(), path, 0);
            for (int i = 1; i <= 1000; i++) index.Append(i * 10, i * 4096);
            index.File.Persist();

            for (int i = 1; i <= 1000; i++) Assert.Equal(new OffsetPosition(i * 10, i * 4096), index.Lookup((i * 10) + 5));

            Assert.DoesNotContain(path, Directory.EnumerateFiles("/proc/self/fd").Select(Target));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Another test may close its file between the listing and the look.
    private static string? Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
