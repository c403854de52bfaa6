namespace Moldau.Simulated.Disk;

/// <summary>
/// A folder's names twice: as processes see them, and as a power cut leaves them. Changes become durable in order, as a journaling file
/// system commits them: a power cut keeps some first part of them, and a rename is one change. Each folder has a journal of its own, so
/// that nobody relies on the flush of one making names in another durable.
/// </summary>
internal sealed class FolderNode : DiskNode
{
    private SortedDictionary<string, DiskNode> names = new(StringComparer.Ordinal);
    private SortedDictionary<string, DiskNode> durable = new(StringComparer.Ordinal);
    private readonly List<Change> journal = [];

    public IEnumerable<KeyValuePair<string, DiskNode>> Names => names;

    public DiskNode? Find(string name) => names.GetValueOrDefault(name);

    public void Put(string name, DiskNode node) => Do(new Change(null, name, node));

    public void Remove(string name) => Do(new Change(name, null, null));

    public void Rename(string from, string to) => Do(new Change(from, to, names[from]));

    public void Flush()
    {
        foreach (Change change in journal) change.Apply(durable);
        journal.Clear();
    }

    /// <summary>Keeps the durable names and some of the others, then the same below.</summary>
    public void PowerCut(SeededRandom random)
    {
        int kept = random.Below(3) switch { 0 => 0, 1 => journal.Count, _ => random.Below(journal.Count + 1) };
        for (int i = 0; i < kept; i++) journal[i].Apply(durable);
        journal.Clear();
        names = new(durable, StringComparer.Ordinal);
        foreach (DiskNode node in names.Values)
        {
            if (node is FolderNode folder) folder.PowerCut(random);
            else ((FileNode)node).PowerCut(random);
        }
    }

    public FolderNode Clone() => (FolderNode)Clone(this, new Dictionary<DiskNode, DiskNode>(ReferenceEqualityComparer.Instance));

    private static DiskNode Clone(DiskNode node, Dictionary<DiskNode, DiskNode> done)
    {
        if (done.TryGetValue(node, out DiskNode? copy)) return copy;
        if (node is FileNode file)
        {
            done.Add(node, copy = file.Clone());
            return copy;
        }

        FolderNode folder = (FolderNode)node;
        FolderNode clone = new() { Modified = folder.Modified };
        done.Add(node, clone);
        foreach ((string name, DiskNode child) in folder.names) clone.names.Add(name, Clone(child, done));
        foreach ((string name, DiskNode child) in folder.durable) clone.durable.Add(name, Clone(child, done));
        foreach (Change change in folder.journal)
        {
            clone.journal.Add(change with { Node = change.Node is null ? null : Clone(change.Node, done) });
        }

        return clone;
    }

    private void Do(Change change)
    {
        change.Apply(names);
        journal.Add(change);
    }

    /// <summary>One name goes, one comes, or both at once.</summary>
    private readonly record struct Change(string? Gone, string? Come, DiskNode? Node)
    {
        public void Apply(SortedDictionary<string, DiskNode> target)
        {
            if (Gone is not null) target.Remove(Gone);
            if (Come is not null) target[Come] = Node!;
        }
    }
}
