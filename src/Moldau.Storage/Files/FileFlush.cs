namespace Moldau.Storage.Files;

/// <summary>Flushes of files that retention or a truncation may take away at the same moment: then nothing of them has to last.</summary>
internal static class FileFlush
{
    /// <summary>Makes the file durable if it is there. Blocking. Returns whether it was.</summary>
    public static bool FlushIfPresent(this IFileSystem files, string path)
    {
        if (!files.FileExists(path)) return false;
        try
        {
            using IFile file = files.Open(path, FileOpen.ReadWrite);
            file.Flush();
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
