using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>
/// The voter sets and kraft.version levels that the log and its latest snapshot hold, by the offset of their record. The newest counts,
/// committed or not (KIP-853), and truncation brings an older one back.
/// </summary>
/// <remarks>One owner, not thread-safe.</remarks>
public sealed class VoterHistory
{
    /// <summary>The offset under which a set from the bootstrap checkpoint is kept: it stands in no log yet.</summary>
    public const long BootstrapOffset = -1;

    private readonly VoterSet configured;
    private readonly List<(long Offset, VoterSet Voters)> sets = [];
    private readonly List<(long Offset, short Level)> levels = [];

    /// <summary>A history without records.</summary>
    /// <param name="configured">The voters of <c>controller.quorum.voters</c>, which count while no record names any.</param>
    public VoterHistory(VoterSet configured) => this.configured = configured;

    /// <summary>The voter set that counts now.</summary>
    public VoterSet Current => sets.Count > 0 ? sets[^1].Voters : configured;

    /// <summary>Where the current set's record stands; null when it was configured.</summary>
    public long? CurrentOffset => sets.Count > 0 ? sets[^1].Offset : null;

    /// <summary>The kraft.version that counts now; 1 and above: voters change by records.</summary>
    public short KRaftVersion => levels.Count > 0 ? levels[^1].Level : (short)0;

    /// <summary>The voter set and kraft.version as of <paramref name="endOffset"/> (exclusive), for a snapshot that ends there.</summary>
    public (VoterSet? Voters, short KRaftVersion) At(long endOffset)
    {
        VoterSet? voters = null;
        short level = 0;
        foreach ((long offset, VoterSet set) in sets)
            if (offset < endOffset || offset == BootstrapOffset) voters = set;
        foreach ((long offset, short value) in levels)
            if (offset < endOffset || offset == BootstrapOffset) level = value;
        return (voters, level);
    }

    /// <summary>A voter set record at an offset above all known ones.</summary>
    public void Add(long offset, VoterSet voters)
    {
        Invariant.That(sets.Count == 0 || offset > sets[^1].Offset);
        sets.Add((offset, voters));
    }

    /// <summary>A kraft.version record at an offset above all known ones.</summary>
    public void Add(long offset, short kraftVersion)
    {
        Invariant.That(levels.Count == 0 || offset > levels[^1].Offset);
        levels.Add((offset, kraftVersion));
    }

    /// <summary>Forgets what stood at <paramref name="endOffset"/> and above.</summary>
    public void TruncateTo(long endOffset)
    {
        sets.RemoveAll(entry => entry.Offset >= endOffset);
        levels.RemoveAll(entry => entry.Offset >= endOffset);
    }

    /// <summary>Forgets all but the newest entry below <paramref name="startOffset"/>.</summary>
    public void TruncateBefore(long startOffset)
    {
        while (sets.Count > 1 && sets[1].Offset < startOffset) sets.RemoveAt(0);
        while (levels.Count > 1 && levels[1].Offset < startOffset) levels.RemoveAt(0);
    }

    /// <summary>Replaces everything by what a snapshot that ends at <paramref name="endOffset"/> holds.</summary>
    public void Reset(long endOffset, VoterSet? voters, short kraftVersion)
    {
        sets.Clear();
        levels.Clear();
        long offset = endOffset == 0 ? BootstrapOffset : endOffset - 1;
        if (kraftVersion > 0) levels.Add((offset, kraftVersion));
        if (voters is not null) sets.Add((offset, voters));
    }
}
