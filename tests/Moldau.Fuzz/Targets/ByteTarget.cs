using Moldau.Fuzz.Inputs;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>A target of one piece of bytes.</summary>
internal abstract class ByteTarget : FuzzTarget
{
    private IReadOnlyList<byte[]>? good;

    /// <summary>Sound inputs, from which the others are made.</summary>
    public IReadOnlyList<byte[]> Good => good ??= MakeGood();

    public sealed override void Execute(SeededRandom random)
    {
        byte[] input = Mutator.Mutate(Good, random);
        Mend(input, random);
        try
        {
            Run(input);
        }
        catch (Exception escaped)
        {
            throw new FuzzFindingException($"{escaped}\n  input: {Convert.ToHexStringLower(input)}");
        }
    }

    /// <summary>Feeds it; whatever escapes is a finding.</summary>
    public abstract void Run(byte[] input);

    /// <summary>Whether the input is taken for sound: all of <see cref="Good"/> must be, or the target would test its first check only.</summary>
    public abstract bool IsTaken(byte[] input);

    protected abstract IReadOnlyList<byte[]> MakeGood();

    /// <summary>Puts right what would hide the rest, such as checksums.</summary>
    protected virtual void Mend(byte[] input, SeededRandom random)
    {
    }

    /// <summary>What <paramref name="work"/> takes of the heap must stay within the bound.</summary>
    protected static void Bounded(long bytesMax, Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        if (taken > bytesMax) throw new FuzzFindingException($"took {taken} bytes of memory where {bytesMax} are the bound");
    }
}
