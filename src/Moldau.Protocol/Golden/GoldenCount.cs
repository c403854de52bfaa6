namespace Moldau.Protocol.Golden;

/// <summary>What the cases of one file gave.</summary>
/// <param name="file">The file's name.</param>
public sealed class GoldenCount(string file)
{
    private readonly List<string> faults = [];

    /// <summary>The file's name, without <c>.gz</c>.</summary>
    public string File { get; } = file;

    /// <summary>Cases that came out as the file says.</summary>
    public int Right { get; private set; }

    /// <summary>How many of the right cases are damaged bytes that Apache Kafka reads and that are refused here on purpose.</summary>
    public int Stricter { get; private set; }

    /// <summary>Cases that did not.</summary>
    public int Wrong { get; private set; }

    /// <summary>Lines of a form that nothing here checks.</summary>
    public int Unknown { get; private set; }

    /// <summary>The first wrong cases, described.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>Counts a right case.</summary>
    public void AddRight() => Right++;

    /// <summary>Counts a case as right that is refused on purpose where Apache Kafka is laxer.</summary>
    public void AddStricter()
    {
        Right++;
        Stricter++;
    }

    /// <summary>Counts a wrong case and describes it.</summary>
    public void AddWrong(string fault)
    {
        Wrong++;
        if (faults.Count < Limits.DescribedFaults) faults.Add(fault);
    }

    /// <summary>Counts a line that is not checked.</summary>
    public void AddUnknown() => Unknown++;
}

/// <summary>What the files of a folder gave.</summary>
/// <param name="Files">One count for each file.</param>
public sealed record GoldenReport(IReadOnlyList<GoldenCount> Files)
{
    /// <summary>Right cases in all files.</summary>
    public int Right => Files.Sum(file => file.Right);

    /// <summary>How many of the right cases are refused on purpose where Apache Kafka is laxer.</summary>
    public int Stricter => Files.Sum(file => file.Stricter);

    /// <summary>Wrong cases in all files.</summary>
    public int Wrong => Files.Sum(file => file.Wrong);

    /// <summary>The first wrong cases of each file.</summary>
    public IEnumerable<string> Faults => Files.SelectMany(file => file.Faults);
}
