namespace Moldau.Raft.Roles;

/// <summary>The answers to a vote request, by voter.</summary>
internal sealed class VoteTally
{
    private readonly VoterSet voters;
    private readonly SortedDictionary<int, bool> answers = [];

    public VoteTally(VoterSet voters, ReplicaKey local)
    {
        this.voters = voters;
        if (voters.Contains(local)) answers[local.Id] = true;
    }

    /// <summary>The majority said yes.</summary>
    public bool IsGranted => answers.Values.Count(granted => granted) >= voters.Majority;

    /// <summary>So many said no that the rest is no majority.</summary>
    public bool IsRejected => voters.Count - answers.Values.Count(granted => !granted) < voters.Majority;

    /// <summary>Who said yes, by id.</summary>
    public IEnumerable<int> Granting => answers.Where(answer => answer.Value).Select(answer => answer.Key);

    /// <summary>Who has not answered.</summary>
    public IEnumerable<VoterNode> Unanswered => voters.Nodes.Where(voter => !answers.ContainsKey(voter.Id));

    /// <summary>Notes an answer; a yes stays one, since a voter may say no to a repeated request after it has moved on.</summary>
    public void Record(int voterId, bool granted)
    {
        if (voters.Find(voterId) is null) return;
        answers[voterId] = granted || (answers.TryGetValue(voterId, out bool before) && before);
    }
}
