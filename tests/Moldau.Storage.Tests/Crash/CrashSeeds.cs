namespace Moldau.Storage.Tests.Crash;

/// <summary>The seeds of tests that cut the power.</summary>
internal static class CrashSeeds
{
    /// <summary>A few, or as many from 1 on as MOLDAU_CRASH_SEEDS says.</summary>
    public static TheoryData<ulong> All
    {
        get
        {
            var seeds = new TheoryData<ulong>();
            int count = int.TryParse(Environment.GetEnvironmentVariable("MOLDAU_CRASH_SEEDS"), out int wanted) ? wanted : 4;
            for (ulong seed = 1; seed <= (ulong)count; seed++) seeds.Add(seed);
            return seeds;
        }
    }
}
