using System.Buffers.Binary;

namespace Moldau.Simulated;

/// <summary>
/// The source of every choice in a simulation: SplitMix64, the same on every machine. Not <see cref="Random"/>, whose sequence for a seed is
/// the framework's to change. Not thread-safe.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)Below((long)bound);

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>.</summary>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (long)Math.BigMul(Next(), (ulong)bound, out _);
    }

    /// <summary>A number between the two, both included.</summary>
    public long Between(long least, long most) => least + Below(most - least + 1);

    /// <summary>A time between the two, both included.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => new(Between(least.Ticks, most.Ticks));

    /// <summary>True in <paramref name="permille"/> of 1000 cases.</summary>
    public bool Chance(int permille) => Below(1000) < permille;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>Fills with random bytes.</summary>
    public void Fill(Span<byte> target)
    {
        Span<byte> word = stackalloc byte[8];
        while (target.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            int count = Math.Min(8, target.Length);
            word[..count].CopyTo(target);
            target = target[count..];
        }
    }

    /// <summary>A source of its own, so that one part's draws do not shift another's.</summary>
    public SeededRandom Fork() => new(Next());
}
