using Moldau.Processes;

namespace Moldau.Compat;

/// <summary>What every test of a foreign client does first, and how long it may take.</summary>
internal static class Client
{
    private static readonly TimeSpan TestTime = TimeSpan.FromMinutes(4);

    /// <summary>The path of a foreign program; without it the test is skipped with one line that says how to get it.</summary>
    public static string Require(ForeignProgram program)
    {
        if (!program.IsHere) Assert.Skip(program.Absence);
        return program.Path!;
    }

    /// <summary>Apache Kafka of ../shared; without it the test is skipped.</summary>
    public static KafkaPeer RequirePeer()
    {
        KafkaPeer? peer = KafkaPeer.Find();
        if (peer == null) Assert.Skip(KafkaPeer.Absence);
        return peer!;
    }

    /// <summary>A token that ends what hangs; the caller disposes its source.</summary>
    public static CancellationTokenSource Deadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(TestTime);
        return source;
    }

    /// <summary>Asks again until the answer is the awaited one or the time is over; gives the last answer.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isAwaited, CancellationToken token)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            T answer = await ask();
            if (isAwaited(answer)) return answer;
            try
            {
                await pace.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                return answer;
            }
        }
    }
}
