namespace Moldau.Load;

/// <summary>Bounds of the load bench.</summary>
internal static class Limits
{
    public const int RunsMax = 100;

    public const int IdleSecondsMax = 3600;

    public const int PartitionsMax = 100_000;

    /// <summary>Partitions of a topic of the partitions bench.</summary>
    public const int PartitionsPerTopic = 100;

    public const int TopicsPerRequest = 50;

    /// <summary>How long one step of the partitions bench may take.</summary>
    public static readonly TimeSpan PartitionsStep = TimeSpan.FromMinutes(5);

    /// <summary>How long a publish of the executable may take.</summary>
    public static readonly TimeSpan Publish = TimeSpan.FromMinutes(15);
}
