using System.Globalization;

namespace Moldau.Simulation.Clients;

/// <summary>A partition's name.</summary>
internal readonly record struct Partition(string Topic, int Index) : IComparable<Partition>
{
    public int CompareTo(Partition other)
    {
        int topics = string.CompareOrdinal(Topic, other.Topic);
        return topics != 0 ? topics : Index.CompareTo(other.Index);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Index}");
}
