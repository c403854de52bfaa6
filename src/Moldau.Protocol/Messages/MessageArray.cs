using System.Collections;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol.Messages;

/// <summary>
/// An array field. It keeps its elements when it is cleared, so that reading the next message into them takes no memory; whoever holds on
/// to an element of a message that is read into again sees it change. Not thread-safe.
/// </summary>
/// <typeparam name="T">A primitive, a string, or a struct class of the message.</typeparam>
[CollectionBuilder(typeof(MessageArray), nameof(MessageArray.Create))]
public sealed class MessageArray<T> : IReadOnlyList<T>
{
    private T[] items = [];

    /// <summary>An empty array.</summary>
    public MessageArray()
    {
    }

    /// <summary>An array with the elements of <paramref name="source"/>.</summary>
    public MessageArray(IEnumerable<T> source) => AddRange(source);

    /// <summary>Elements in it.</summary>
    public int Count { get; private set; }

    /// <summary>The element at a position.</summary>
    public T this[int index]
    {
        get => items[Within(index)];
        set => items[Within(index)] = value;
    }

    /// <summary>Appends an element.</summary>
    public void Add(T item)
    {
        if (Count == items.Length) Grow(Count + 1);
        items[Count++] = item;
    }

    /// <summary>Appends elements.</summary>
    public void AddRange(IEnumerable<T> source)
    {
        if (source is ICollection<T> { Count: > 0 } known) Grow(Count + known.Count);
        foreach (T item in source) Add(item);
    }

    /// <summary>Appends elements.</summary>
    public void AddRange(ReadOnlySpan<T> source) => source.CopyTo(Extend(source.Length));

    /// <summary>Empties it. Elements are kept for recycling up to a bound; strings are let go.</summary>
    public void Clear()
    {
        if (items.Length > Limits.RecycledElements) items = [];
        else if (typeof(T) == typeof(string)) Array.Clear(items, 0, Count);
        Count = 0;
    }

    /// <summary>The elements as a span, valid until the array grows.</summary>
    public Span<T> AsSpan() => items.AsSpan(0, Count);

    /// <summary>Enumerates without taking memory.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return items[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<T>)this).GetEnumerator();

    /// <summary>Appends <paramref name="count"/> elements that the caller fills.</summary>
    internal Span<T> Extend(int count)
    {
        int from = Count;
        if (items.Length - from < count) Grow(checked(from + count));
        Count = from + count;
        return items.AsSpan(from, count);
    }

    /// <summary>The place of a new last element, which holds what was there before or null.</summary>
    internal ref T? Next()
    {
        if (Count == items.Length) Grow(Count + 1);
        return ref items[Count++]!;
    }

    private int Within(int index) => (uint)index < (uint)Count ? index : throw new ArgumentOutOfRangeException(nameof(index));

    private void Grow(int needed)
    {
        if (items.Length < needed) Array.Resize(ref items, Math.Max(needed, Math.Max(4, items.Length * 2)));
    }

    /// <summary>Walks over the elements.</summary>
    public struct Enumerator
    {
        private readonly MessageArray<T> array;
        private int index = -1;

        internal Enumerator(MessageArray<T> array) => this.array = array;

        /// <summary>The element.</summary>
        public readonly T Current => array.items[index];

        /// <summary>Goes to the next one.</summary>
        public bool MoveNext() => ++index < array.Count;
    }
}

/// <summary>Makes and fills <see cref="MessageArray{T}"/>.</summary>
public static class MessageArray
{
    /// <summary>An array of these elements; collection expressions call it.</summary>
    public static MessageArray<T> Create<T>(ReadOnlySpan<T> items)
    {
        var array = new MessageArray<T>();
        array.AddRange(items);
        return array;
    }

    /// <summary>Appends an element with every field at its default and returns it; a recycled one where there is one.</summary>
    public static T Add<T>(this MessageArray<T> array)
        where T : class, IMessageStruct<T>
    {
        ref T? place = ref array.Next();
        if (place is null) place = T.Create();
        else place.Reset();
        return place;
    }

    /// <summary>As <see cref="Add{T}"/> for a caller that sets every field.</summary>
    internal static T AddUnset<T>(this MessageArray<T> array)
        where T : class, IMessageStruct<T> => array.Next() ??= T.Create();
}

/// <summary>A struct inside a message, as an element of an array.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
public interface IMessageStruct<TSelf>
    where TSelf : class, IMessageStruct<TSelf>
{
    /// <summary>A new one.</summary>
    static abstract TSelf Create();

    /// <summary>Sets every field to its default; keeps array elements for recycling.</summary>
    void Reset();
}
