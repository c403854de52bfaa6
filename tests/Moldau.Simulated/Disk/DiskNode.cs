namespace Moldau.Simulated.Disk;

/// <summary>A file or folder, whatever its names are.</summary>
internal abstract class DiskNode
{
    public DateTimeOffset Modified { get; set; }
}
