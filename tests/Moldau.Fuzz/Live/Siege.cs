using System.Diagnostics;
using System.Globalization;
using Moldau.Simulated;

namespace Moldau.Fuzz.Live;

/// <summary>Attackers on a live node with a good client beside them, for a time.</summary>
internal static class Siege
{
    private const int Attackers = 6;
    private const long GrowthBytesMax = 64L * 1024 * 1024;

    /// <returns>What went wrong; empty when nothing did.</returns>
    public static async Task<List<string>> RunAsync(TimeSpan time, ulong seed, Action<string> tell, CancellationToken cancellation)
    {
        var wrong = new List<string>();
        await using LiveNode node = await LiveNode.StartAsync(cancellation);
        await using var good = new GoodClient(node.Bootstrap);
        await good.CreateTopicsAsync(cancellation);
        await good.ProduceAsync(() => good.Acknowledged < 500, cancellation);
        long before = node.ResidentBytes, began = Stopwatch.GetTimestamp();
        bool GoesOn() => Stopwatch.GetElapsedTime(began) < time && node.Process.IsRunning;
        Attacker[] attackers = [.. Enumerable.Range(0, Attackers).Select(i => new Attacker(node.Process.EndPoint, new SeededRandom(seed + (ulong)i)))];
        Task producing = Task.Run(() => good.ProduceAsync(GoesOn, cancellation), cancellation);
        await Task.WhenAll(attackers.Select(attacker => Task.Run(() => attacker.RunAsync(GoesOn, cancellation), cancellation)));
        if (!node.Process.IsRunning) return [$"the node ended:\n{node.Process.Log}"];
        await producing;
        long grown = node.ResidentBytes - before;
        List<string> read = await good.ReadAsync(cancellation);
        int misplaced = read.Where((value, i) => value != i.ToString(CultureInfo.InvariantCulture)).Count();
        if (read.Count != good.Acknowledged || misplaced > 0) wrong.Add($"{good.Acknowledged} records were acknowledged; {read.Count} are there, {misplaced} of them not in their place");
        if (grown > GrowthBytesMax) wrong.Add($"memory grew by {grown / 1024 / 1024} MiB");
        wrong.AddRange(node.Complaints.Take(10));
        tell(string.Create(CultureInfo.InvariantCulture, $"{attackers.Sum(attacker => attacker.Frames)} hostile frames, {good.Acknowledged} good records, memory {before / 1048576.0:0.0} MiB and {grown / 1048576.0:+0.0;-0.0} MiB"));
        return wrong;
    }
}
