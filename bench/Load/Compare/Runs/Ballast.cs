namespace Moldau.Load.Compare.Runs;

/// <summary>
/// Brings pages into the machine before a measurement that appends: on a virtual machine the first touch of a page that the host has taken back costs more
/// than everything else. A file is written and deleted, and its pages are the ones that the appends find.
/// </summary>
internal static class Ballast
{
    private const int ChunkBytes = 1024 * 1024;

    public static void Recycle(string folder, long bytes)
    {
        string path = Path.Combine(folder, "ballast");
        byte[] chunk = new byte[ChunkBytes];
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            for (long written = 0; written < bytes; written += ChunkBytes) file.Write(chunk);
        File.Delete(path);
    }
}
