using Moldau.Output;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>A file to dump, as it was named or found.</summary>
internal readonly record struct DataFile(string Path, DataFileKind Kind, long Bytes)
{
    /// <summary>The topic that its folder is named for; null for none.</summary>
    public string? FolderTopic => System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))) is { } folder ? DataFiles.TopicOf(folder) : null;

    /// <summary>A file, or all that are known in a folder and the folders in it, by name.</summary>
    /// <exception cref="UsageException">There is nothing of that name, or no data file in it.</exception>
    public static IReadOnlyList<DataFile> Under(string path)
    {
        if (File.Exists(path))
        {
            DataFile file = Of(path);
            return file.Kind is not (DataFileKind.Unknown or DataFileKind.Lock) ? [file] : throw new UsageException($"{path}: its name is none of a log directory's files");
        }

        if (!Directory.Exists(path)) throw new UsageException($"{path}: there is no such file or folder");
        DataFile[] found =
        [
            .. Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
                .Order(StringComparer.Ordinal).Select(Of).Where(static file => file.Kind is not (DataFileKind.Unknown or DataFileKind.Lock)),
        ];
        return found.Length > 0 ? found : throw new UsageException($"{path}: there is none of a log directory's files in it");
    }

    private static DataFile Of(string path) => new(path, DataFiles.KindOf(System.IO.Path.GetFileName(path)), new FileInfo(path).Length);
}
