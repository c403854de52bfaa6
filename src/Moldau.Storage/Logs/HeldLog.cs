namespace Moldau.Storage.Logs;

/// <summary>A log's state while one of its gates is held, until it is disposed.</summary>
internal readonly ref struct HeldLog
{
    private readonly Lock gate;

    public HeldLog(LogState state, Lock gate)
    {
        State = state;
        this.gate = gate;
        gate.Enter();
    }

    public LogState State { get; }

    public void Dispose() => gate.Exit();
}
