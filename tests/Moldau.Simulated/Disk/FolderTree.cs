using Moldau.Storage.Files;

namespace Moldau.Simulated.Disk;

/// <summary>Finds nodes by path. Paths are taken from the root, whether they begin with a separator or not.</summary>
internal sealed class FolderTree(FolderNode root)
{
    public FolderNode Root => root;

    public DiskNode? Find(string path)
    {
        DiskNode? node = root;
        foreach (string part in Parts(path))
        {
            if (node is not FolderNode folder) return null;
            node = folder.Find(part);
        }

        return node;
    }

    public FileNode File(string path) => Find(path) as FileNode ?? throw new FileNotFoundException($"no file {path}", path);

    public FolderNode Folder(string path) => Find(path) as FolderNode ?? throw new DiskException(DiskFailure.Io, path, $"no folder {path}");

    /// <summary>The folder a path lies in, and its name there.</summary>
    public (FolderNode Folder, string Name) Place(string path)
    {
        List<string> parts = Parts(path);
        if (parts.Count == 0) throw new DiskException(DiskFailure.Io, path, $"{path} is the root");
        FolderNode folder = root;
        for (int i = 0; i < parts.Count - 1; i++)
        {
            folder = folder.Find(parts[i]) as FolderNode ?? throw new DiskException(DiskFailure.Io, path, $"no folder {parts[i]} in {path}");
        }

        return (folder, parts[^1]);
    }

    /// <summary>The path's names, without empty ones and dots.</summary>
    public static List<string> Parts(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return parts;
    }

    /// <summary>Bytes taken by all files that have a name.</summary>
    public static long AllocatedBytes(FolderNode folder)
    {
        long bytes = 0;
        foreach ((_, DiskNode node) in folder.Names)
        {
            bytes += node is FolderNode inner ? AllocatedBytes(inner) : ((FileNode)node).AllocatedBytes;
        }

        return bytes;
    }
}
