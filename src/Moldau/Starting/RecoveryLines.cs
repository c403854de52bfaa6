using Moldau.Output;
using Moldau.Storage;

namespace Moldau.Starting;

/// <summary>Shows how far the opening of the logs is.</summary>
internal sealed class RecoveryLines(TextWriter? target, TimeProvider time) : IProgress<RecoveryProgress>
{
    private readonly ProgressLine line = new("opening logs", target, time);

    public void Report(RecoveryProgress value) => line.Show(value.LogsOpened, value.Logs, $"{value.LogsOpened}/{value.Logs}");

    /// <summary>The logs are open.</summary>
    public void End() => line.End();
}
