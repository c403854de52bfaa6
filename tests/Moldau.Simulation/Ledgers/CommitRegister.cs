using System.Globalization;

namespace Moldau.Simulation.Ledgers;

/// <summary>
/// The offset that a group has committed for a partition, as a register that many write: a read shows a commit that no later one, acknowledged before the
/// read, has replaced. A commit without an answer may take effect at any moment until the node's process has ended.
/// </summary>
internal sealed class CommitRegister(string partition)
{
    private readonly List<Commit> commits = [];

    /// <summary>A commit is about to be sent. Its number travels with it as metadata, so that a read tells which one it shows.</summary>
    public Commit Begin(long offset, string member, int boot, long moment)
    {
        Commit commit = new(commits.Count, offset, member, boot, moment);
        commits.Add(commit);
        return commit;
    }

    /// <summary>Holds what was read against what was written.</summary>
    /// <param name="offset">The offset; -1: none was committed.</param>
    /// <param name="metadata">The commit's number.</param>
    /// <param name="asked">When the question was sent.</param>
    public void Check(long offset, string? metadata, long asked)
    {
        Commit? shown = offset < 0 ? null : Find(offset, metadata);
        if (shown is { IsRefused: true }) throw new BrokenPromiseException($"{partition}: {shown} is shown, and was refused");
        foreach (Commit later in commits)
        {
            if (later.Acknowledged is null || later.Acknowledged > asked || later == shown || !Replaces(later, shown)) continue;
            throw new BrokenPromiseException($"{partition}: {later} was acknowledged, and {(shown is null ? "no commit" : shown)} is shown");
        }
    }

    private static bool Replaces(Commit later, Commit? shown) =>
        shown is null || shown.Boot < later.Boot || (shown.Acknowledged is { } done && done < later.Sent);

    private Commit Find(long offset, string? metadata)
    {
        if (int.TryParse(metadata, CultureInfo.InvariantCulture, out int number) && number >= 0 && number < commits.Count && commits[number].Offset == offset) return commits[number];
        throw new BrokenPromiseException($"{partition}: offset {offset} with metadata {metadata} is committed, which nobody has sent");
    }
}

/// <summary>One commit of one offset.</summary>
/// <param name="Number">Counts the commits for the partition.</param>
/// <param name="Offset">The next record to be processed.</param>
/// <param name="Member">Whose.</param>
/// <param name="Boot">How often the node had started when it was sent.</param>
/// <param name="Sent">When it was sent.</param>
internal sealed record Commit(int Number, long Offset, string Member, int Boot, long Sent)
{
    /// <summary>When the acknowledgement came; null: none has.</summary>
    public long? Acknowledged { get; set; }

    /// <summary>Whether the node said that it does not take it.</summary>
    public bool IsRefused { get; set; }

    public override string ToString() => $"commit {Number} of offset {Offset} by {Member}";
}
