using System.Globalization;

namespace Moldau.Simulation.Ledgers;

/// <summary>What producers write: their name, and a number that counts their records in the partition.</summary>
internal static class ProducedValue
{
    public static string Of(string producer, int number) => string.Create(CultureInfo.InvariantCulture, $"{producer}:{number}");

    public static (string Producer, int Number) Parse(string value)
    {
        string[] parts = value.Split(':');
        if (parts.Length != 2 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int number))
        {
            throw new BrokenPromiseException($"a record says {value}, which nobody has produced");
        }

        return (parts[0], number);
    }
}
