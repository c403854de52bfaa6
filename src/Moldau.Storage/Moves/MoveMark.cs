using Moldau.Storage.Files;

namespace Moldau.Storage;

/// <summary>
/// A file in a copy's folder that says that it holds all that its log did when it was to take its place. Alone it is the log; beside another folder of the log it is out of
/// date, for then the swap did not come to its end and the other went on.
/// </summary>
internal static class MoveMark
{
    /// <summary>The file's name; Kafka leaves files that it does not know alone.</summary>
    public const string Name = "move-complete";

    /// <summary>Writes it, durably. Blocking.</summary>
    public static void Write(IFileSystem files, string folder)
    {
        using (IFile file = files.Open(Path.Join(folder, Name), FileOpen.CreateEmpty)) file.Flush();
        files.FlushDirectory(folder);
    }

    /// <summary>Whether a folder has it.</summary>
    public static bool Exists(IFileSystem files, string folder) => files.FileExists(Path.Join(folder, Name));

    /// <summary>Removes it; it does no harm to a log that is alone.</summary>
    public static void Remove(IFileSystem files, string folder) => files.DeleteFile(Path.Join(folder, Name));
}
