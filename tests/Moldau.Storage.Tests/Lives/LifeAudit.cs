using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Cleaning;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Lives;

/// <summary>Opens what is left of a store on a disk, and holds it against what had been promised.</summary>
internal static class LifeAudit
{
    public static async Task AssertRecoversAsync(SimulatedDisk disk, LifePromise[] promises, string where, PlantedStorageBugs? planted = null)
    {
        try
        {
            DateTimeOffset now = promises.Length == 0 ? TestStore.Epoch : DateTimeOffset.FromUnixTimeMilliseconds(promises[0].NowMs);
            await using (TestStore store = await Open(disk, now, planted))
            {
                Assert.Empty(store.Failures);
                foreach (LifePromise promise in promises) await CheckAsync(store, promise, goesOn: true);
                await store.Close();
            }

            await using TestStore again = await Open(disk, now, planted);
            foreach (PartitionLog log in again.Logs.Logs) AssertConsistent(log, Array.Find(promises, promise => promise.Name == log.Partition.Topic && promise.Id == log.TopicId));
        }
        catch (Exception failure)
        {
            Assert.Fail($"{where}: {failure}");
        }
    }

    private static Task<TestStore> Open(SimulatedDisk disk, DateTimeOffset now, PlantedStorageBugs? planted) =>
        TestStore.Open(disk, StoreLife.Directories, now: now, configOf: StoreLife.ConfigOf, planted: planted);

    private static async Task CheckAsync(TestStore store, LifePromise promise, bool goesOn)
    {
        PartitionLog? log = store.Logs.Find(new TopicPartition(promise.Name, 0));
        if (log is null || log.TopicId != promise.Id)
        {
            // One that was deleted may come back as long as nothing is acknowledged of the next: whoever has the topics' ids puts it aside.
            Assert.True(promise.Acknowledged == 0, $"{promise.Name}: {promise.Acknowledged} records were acknowledged, and the log is {(log is null ? "gone" : "another topic's")}");
            return;
        }

        Assert.True(log.LogStartOffset >= promise.DeletedTo, $"{log}: starts at {log.LogStartOffset}, deleted up to {promise.DeletedTo}");
        if (log.Config.Compact) await CheckTableAsync(store, log, promise);
        else CheckKept(log, promise, goesOn);
    }

    private static void CheckKept(PartitionLog log, LifePromise promise, bool goesOn)
    {
        string[] values = [.. promise.Written.Select(static record => record.Value ?? "")];
        LogAudit.AssertKeeps(log, new LogPromise(promise.Name, values, promise.Acknowledged, promise.Start));
        AssertConsistent(log, promise);
        // It goes on where it ended, over a roll.
        for (int i = 0; i < 3 && goesOn; i++) Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Sized(600), new AppendContext((LeaderEpoch)1000)).Error);
        AssertConsistent(log, promise);
    }

    private static async Task CheckTableAsync(TestStore store, PartitionLog log, LifePromise promise)
    {
        var known = new CleaningPromise(promise.Written, promise.Acknowledged, promise.Start, promise.NowMs);
        CleaningAudit.AssertAll(log, known);
        log.Roll();
        log.RequestFlush();
        log.SetHighWatermark(log.LogEndOffset);
        await store.Clean();
        CleaningAudit.AssertAll(log, known);
    }

    private static void AssertConsistent(PartitionLog log, LifePromise? promise)
    {
        if (log.Config.Compact) CleaningAudit.AssertConsistent(log);
        else LogAudit.AssertConsistent(log, wholeFromStart: promise is { Start: 0 });
    }
}
