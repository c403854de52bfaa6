using System.Text;
using Moldau.Crash;
using Moldau.Crash.Ledgers;
using Moldau.Crash.Workloads;

namespace Moldau.Compat.Crash;

/// <summary>A log that a test writes by hand; each entry is offset, key, value.</summary>
internal sealed class ScriptedLog : ILogReader
{
    public long Start { get; set; }

    public long End { get; set; }

    public List<LogRecord> Records { get; } = [];

    /// <summary>Called after each reading: what changes while somebody reads.</summary>
    public Action AfterReading { get; set; } = static () => { };

    /// <summary>Puts a workload's record at an offset.</summary>
    public ScriptedLog With(IWorkload workload, long offset, long sequence)
    {
        CrashRecord record = workload.At(sequence);
        Records.Add(new LogRecord(offset, record.Key, record.Value));
        End = Math.Max(End, offset + 1);
        return this;
    }

    /// <summary>Puts a record of so many bytes at an offset.</summary>
    public ScriptedLog With(long offset, long sequence, int bytes)
    {
        Records.Add(new LogRecord(offset, null, Encoding.ASCII.GetBytes($"{sequence} ".PadRight(bytes, '.'))));
        End = Math.Max(End, offset + 1);
        return this;
    }

    public void Remove(long offset) => Records.RemoveAll(record => record.Offset == offset);

    public (long Start, long End) BoundsOf(Ledger ledger) => (Start, End);

    public ReadEnd Read(Ledger ledger, long from, long upTo, Action<LogRecord> onRecord, CancellationToken token)
    {
        if (from < Start) return ReadEnd.OutOfRange;
        foreach (LogRecord record in Records.Where(record => record.Offset >= from && record.Offset <= upTo).ToList()) onRecord(record);
        AfterReading();
        return ReadEnd.Reached;
    }
}
