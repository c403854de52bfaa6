using System.Collections.Immutable;

namespace Moldau.Metadata.Control;

/// <summary>What is done with lists of replicas.</summary>
internal static class Replicas
{
    /// <summary>The list without the ids given.</summary>
    internal static ImmutableArray<int> Without(this ImmutableArray<int> replicas, params ReadOnlySpan<int> removed)
    {
        var kept = ImmutableArray.CreateBuilder<int>(replicas.Length);
        foreach (int replica in replicas)
        {
            if (!removed.Contains(replica)) kept.Add(replica);
        }

        return kept.Count == replicas.Length ? replicas : kept.ToImmutable();
    }

    /// <summary>Whether every element of <paramref name="part"/> is in <paramref name="whole"/>.</summary>
    internal static bool ContainsAll(this ImmutableArray<int> whole, ImmutableArray<int> part) => part.All(whole.Contains);

    /// <summary>Whether a list could be an ISR: no id twice, and only replicas.</summary>
    internal static bool IsValidIsr(ImmutableArray<int> replicas, ImmutableArray<int> isr) =>
        replicas.ContainsAll(isr) && isr.Distinct().Count() == isr.Length;
}
