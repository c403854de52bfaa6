namespace Moldau.Load;

/// <summary>Bounds of the load bench.</summary>
internal static class Limits
{
    public const int RunsMax = 100;

    public const int IdleSecondsMax = 3600;

    /// <summary>How long a publish of the executable may take.</summary>
    public static readonly TimeSpan Publish = TimeSpan.FromMinutes(15);
}
