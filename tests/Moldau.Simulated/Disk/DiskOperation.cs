namespace Moldau.Simulated.Disk;

/// <summary>One call on a simulated disk.</summary>
/// <param name="Number">Counts what changes the disk or makes it durable, from 1; for a read the number of the last such.</param>
/// <param name="Kind">What.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Position">First byte, or the new length.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct DiskOperation(long Number, DiskOperationKind Kind, string Path, long Position = 0, int Length = 0);

/// <summary>Kinds of disk operations. The numbers go into the trace hash.</summary>
public enum DiskOperationKind
{
    /// <summary>A read; not counted.</summary>
    Read = 1,

    /// <summary>A write.</summary>
    Write,

    /// <summary>A cut or extension.</summary>
    SetLength,

    /// <summary>A flush of a file.</summary>
    Flush,

    /// <summary>A new name: file or folder.</summary>
    Create,

    /// <summary>A name removed.</summary>
    Delete,

    /// <summary>A renaming.</summary>
    Rename,

    /// <summary>A flush of a folder.</summary>
    FlushDirectory,
}
