namespace Moldau.Protocol.Compression;

/// <summary>Idle codec contexts, which are dear to make. Thread-safe; holds <see cref="Limits.IdleCodecContexts"/> at most and no state between uses.</summary>
internal sealed class ContextCache<T>(Func<T> create) where T : class, IDisposable
{
    private readonly T?[] idle = new T?[Limits.IdleCodecContexts];

    public T Rent()
    {
        for (int i = 0; i < idle.Length; i++)
        {
            if (Volatile.Read(ref idle[i]) is not null && Interlocked.Exchange(ref idle[i], null) is { } context) return context;
        }

        return create();
    }

    public void Return(T context)
    {
        for (int i = 0; i < idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref idle[i], context, null) is null) return;
        }

        context.Dispose();
    }
}
