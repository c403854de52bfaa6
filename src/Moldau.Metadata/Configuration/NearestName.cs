namespace Moldau.Metadata.Configuration;

/// <summary>Finds what somebody probably meant.</summary>
public static class NearestName
{
    private const int NameLengthMax = 256;

    /// <summary>The candidate with the fewest edits (insert, delete, replace a character), if they are few for its length.</summary>
    public static string? Among(IEnumerable<string> candidates, string text)
    {
        if (text.Length > NameLengthMax) return null;
        (string Name, int Edits)? best = null;
        foreach (string candidate in candidates)
        {
            int edits = Edits(candidate, text);
            if (best is null || edits < best.Value.Edits) best = (candidate, edits);
        }

        return best is { } found && found.Edits <= Math.Max(2, text.Length / 4) ? found.Name : null;
    }

    private static int Edits(string a, string b)
    {
        int[] previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
