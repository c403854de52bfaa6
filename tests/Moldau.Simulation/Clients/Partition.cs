namespace Moldau.Simulation.Clients;

/// <summary>A partition's name.</summary>
internal readonly record struct Partition(string Topic, int Index)
{
    public override string ToString() => $"{Topic}-{Index}";
}
