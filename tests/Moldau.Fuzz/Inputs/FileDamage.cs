using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Fuzz.Inputs;

/// <summary>What was done to one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstChange">The first byte that is not as it was; the length where only the end was cut or something put behind.</param>
internal readonly record struct DamagedFile(string Path, int FirstChange);

/// <summary>Damages files of a directory tree.</summary>
internal static class FileDamage
{
    private const int FilesMax = 3;

    /// <summary>Changes, empties or removes one to three of the files under a folder.</summary>
    public static List<DamagedFile> Do(IFileSystem disk, string folder, SeededRandom random)
    {
        List<string> files = [.. All(disk, folder)];
        var done = new List<DamagedFile>();
        for (int count = 1 + random.Below(FilesMax); count > 0 && files.Count > 0; count--)
        {
            string path = random.Pick(files);
            files.Remove(path);
            byte[] before = Read(disk, path);
            if (random.Chance(60))
            {
                disk.DeleteFile(path);
                done.Add(new DamagedFile(path, 0));
                continue;
            }

            byte[] after = Mutator.Mutate([before], random);
            int first = before.AsSpan().CommonPrefixLength(after);
            if (first == before.Length && first == after.Length) continue;
            Write(disk, path, after);
            done.Add(new DamagedFile(path, first));
        }

        return done;
    }

    /// <summary>Every file under a folder.</summary>
    public static IEnumerable<string> All(IFileSystem disk, string folder)
    {
        foreach (string name in disk.ListFiles(folder)) yield return $"{folder}/{name}";
        foreach (string name in disk.ListDirectories(folder))
            foreach (string path in All(disk, $"{folder}/{name}")) yield return path;
    }

    public static byte[] Read(IFileSystem disk, string path)
    {
        using IFile file = disk.Open(path, FileOpen.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    public static void Write(IFileSystem disk, string path, byte[] bytes)
    {
        using IFile file = disk.Open(path, FileOpen.CreateEmpty);
        file.Write(0, bytes);
    }
}
