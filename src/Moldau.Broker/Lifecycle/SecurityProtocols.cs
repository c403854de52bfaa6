namespace Moldau.Broker.Lifecycle;

/// <summary>Kafka's security protocols by name and number.</summary>
internal static class SecurityProtocols
{
    /// <summary>The number that a registration carries.</summary>
    /// <exception cref="NodeStartException">Not one that this version speaks.</exception>
    public static short IdOf(string name) =>
        name == "PLAINTEXT" ? (short)0 : throw new NodeStartException($"security protocol {name} is not there yet: listeners speak PLAINTEXT only");
}
