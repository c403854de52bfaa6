using Moldau.Client;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Compare.Wire;
using Moldau.Processes;

namespace Moldau.Load.Compare.Runs;

/// <summary>Runs cells with each contender: those that share a broker together, the others one by one.</summary>
internal sealed class Comparison(IReadOnlyList<Contender> contenders, IReadOnlyList<Cell> cells, CellScale scale, RunLog log)
{
    /// <param name="runs">How often each cell is measured with each contender.</param>
    /// <param name="onRun">Told after each run how many there were: a long comparison that is broken off keeps what it has.</param>
    public async Task RunAsync(int runs, Action<int> onRun)
    {
        for (int run = 0; run < runs; run++)
        {
            foreach (IGrouping<FlushTier, ServedCell> tier in cells.OfType<ServedCell>().GroupBy(cell => cell.Tier))
                foreach (Contender contender in RunOrder.Of(contenders, run)) await ServeAsync(contender, tier.Key, [.. tier], run);
            foreach (LifeCell cell in cells.OfType<LifeCell>())
                foreach (Contender contender in RunOrder.Of(contenders, run)) await AttemptAsync(cell, contender, run, () => cell.MeasureAsync(contender, scale));
            onRun(run + 1);
        }
    }

    private async Task ServeAsync(Contender contender, FlushTier tier, ServedCell[] served, int run)
    {
        Console.WriteLine($"{contender.Name}, {tier.ShortName()}");
        try
        {
            await using BrokerUnderTest broker = await BrokerUnderTest.StartAsync(contender, tier);
            await Warmup.RunAsync(broker, scale.Warmup);
            foreach (ServedCell cell in served) await AttemptAsync(cell, contender, run, () => cell.MeasureAsync(broker, scale));
        }
        catch (Exception failure) when (IsVoid(failure))
        {
            foreach (ServedCell cell in served) log.AddVoid(cell, contender, run, failure.Message);
        }
    }

    // The one place where a load that cannot be carried out, or a broker that fails, becomes a void run.
    private async Task AttemptAsync(Cell cell, Contender contender, int run, Func<Task<double[]>> measure)
    {
        try
        {
            log.Add(cell, contender, run, await measure());
        }
        catch (Exception failure) when (IsVoid(failure))
        {
            log.AddVoid(cell, contender, run, failure.Message);
        }
    }

    private static bool IsVoid(Exception failure) =>
        failure is ReplayException or ProgramFailedException or KafkaException or System.Net.Sockets.SocketException or IOException or OperationCanceledException;
}
