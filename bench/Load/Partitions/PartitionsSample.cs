using System.Globalization;

namespace Moldau.Load.Partitions;

/// <summary>A node with many partitions.</summary>
/// <param name="Create">From the request until every partition has a leader.</param>
/// <param name="List">One Metadata request for all topics.</param>
/// <param name="Produce">One record to each partition, acks=all, all at once.</param>
/// <param name="OpenFiles">Files and sockets open after that.</param>
/// <param name="AddedBytes">Resident memory then, less what it was before the partitions.</param>
/// <param name="IdleShare">Share of one core while nothing is asked.</param>
/// <param name="Stop">From SIGTERM to the end of the process.</param>
/// <param name="Restart">From the start of the process to the first acknowledged record.</param>
/// <param name="ResidentAfterRestart">Resident memory then.</param>
internal sealed record PartitionsSample(
    TimeSpan Create, TimeSpan List, TimeSpan Produce, int OpenFiles, long AddedBytes, double IdleShare, TimeSpan Stop, TimeSpan Restart, long ResidentAfterRestart)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"create {Create.TotalSeconds:0.00} s, list {List.TotalMilliseconds:0} ms, produce {Produce.TotalSeconds:0.00} s, {OpenFiles} files, +{AddedBytes / 1e6:0} MB, idle {IdleShare * 100:0.00} %, stop {Stop.TotalSeconds:0.00} s, restart {Restart.TotalSeconds:0.00} s, {ResidentAfterRestart / 1e6:0} MB then");
}
