namespace Moldau.Load.Compare.Runs;

/// <summary>
/// A B B A: whoever goes second finds the machine warmer, or its pages more worn, and so neither may always be second.
/// </summary>
internal static class RunOrder
{
    /// <summary>The contenders in the order of one run, counted from 0.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> contenders, int run) => run % 2 == 0 ? contenders : [.. contenders.Reverse()];
}
