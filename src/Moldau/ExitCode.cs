namespace Moldau;

/// <summary>What <c>moldau</c> ends with; listed in this folder's README.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for was refused or failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The configuration or a log directory does not allow it.</summary>
    public const int Configuration = 3;

    /// <summary>No broker answers.</summary>
    public const int Unreachable = 4;

    /// <summary>A second signal ended it without ceremony; 128 and the signal's number.</summary>
    public const int Interrupted = 130, Terminated = 143;
}
