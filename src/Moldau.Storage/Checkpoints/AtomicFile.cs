using System.Buffers;
using System.Text;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>Small files replaced as a whole: written beside, flushed, renamed over, the folder flushed. After a power cut either the old or the new one is there.</summary>
public static class AtomicFile
{
    /// <summary>Replaces a file. Blocking: flushes.</summary>
    public static void Write(IFileSystem files, string directory, string name, string text)
    {
        string path = Path.Join(directory, name);
        string temporary = path + ".tmp";
        int bytesMax = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(bytesMax);
        try
        {
            int length = Encoding.UTF8.GetBytes(text, buffer);
            using (IFile file = files.Open(temporary, FileOpen.CreateEmpty))
            {
                file.Write(0, buffer.AsSpan(0, length));
                file.Flush();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        files.Rename(temporary, path);
        files.FlushDirectory(directory);
    }

    /// <summary>The text of a file, or null when it is absent.</summary>
    /// <exception cref="CheckpointException">Larger than <paramref name="bytesMax"/>.</exception>
    public static string? Read(IFileSystem files, string directory, string name, int bytesMax)
    {
        string path = Path.Join(directory, name);
        if (!files.FileExists(path)) return null;
        using IFile file = files.Open(path, FileOpen.Read);
        byte[] bytes = ReadAll(file, path, bytesMax);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>All bytes of an open file.</summary>
    public static byte[] ReadAll(IFile file, string path, int bytesMax)
    {
        long length = file.Length;
        if (length > bytesMax) throw new CheckpointException(path, $"{length} bytes, more than the {bytesMax} such a file may have");
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < bytes.Length)
        {
            int count = file.Read(read, bytes.AsSpan(read));
            if (count == 0) throw new CheckpointException(path, "file ends early");
            read += count;
        }

        return bytes;
    }
}

/// <summary>A checkpoint or property file that cannot be understood. The log directory that holds it is not used.</summary>
public sealed class CheckpointException(string path, string reason) : IOException($"{path}: {reason}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;
}
