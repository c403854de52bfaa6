namespace Moldau.Simulated.Disk;

/// <summary>What is left of one unsynced change.</summary>
internal enum Survival
{
    None,
    Torn,
    Whole,
}

/// <summary>
/// Decides which unsynced changes of a file survive. Independent coins alone would hardly ever lose only the last write, or all of many,
/// so a mood is drawn first.
/// </summary>
internal sealed class SurvivalMood
{
    private readonly SeededRandom random;
    private readonly int mood;
    private readonly int prefix;

    public SurvivalMood(SeededRandom random, int changes)
    {
        this.random = random;
        mood = random.Below(5);
        prefix = random.Below(changes + 1);
    }

    public Survival Of(int index) => mood switch
    {
        0 => Survival.None,
        1 => Survival.Whole,
        2 => index < prefix ? Survival.Whole : index == prefix ? Survival.Torn : Survival.None,
        3 => index < prefix ? Survival.None : index == prefix ? Survival.Torn : Survival.Whole,
        _ => (Survival)random.Below(3),
    };
}
