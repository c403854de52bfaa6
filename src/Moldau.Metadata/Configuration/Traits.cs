namespace Moldau.Metadata.Configuration;

/// <summary>Short forms for what a declaration says of its key, so that a declaration reads as one line and one sentence.</summary>
internal static class Traits
{
    public static KeyTraits High(UpdateMode mode, string documentation) => new(documentation, Importance.High, mode, false, false, KeyEffect.InForce, []);

    public static KeyTraits Medium(UpdateMode mode, string documentation) => new(documentation, Importance.Medium, mode, false, false, KeyEffect.InForce, []);

    public static KeyTraits Low(UpdateMode mode, string documentation) => new(documentation, Importance.Low, mode, false, false, KeyEffect.InForce, []);

    /// <summary>A topic's key and the broker keys it falls back to.</summary>
    public static KeyTraits Topic(string documentation, params string[] brokerKeys) =>
        new(documentation, Importance.Medium, UpdateMode.ClusterWide, false, false, KeyEffect.InForce, brokerKeys);

    /// <summary>Left out of Kafka's documentation.</summary>
    public static KeyTraits Internal(this KeyTraits traits) => traits with { IsInternal = true };

    /// <summary>A group's key, and the broker key it falls back to.</summary>
    public static KeyTraits From(this KeyTraits traits, string brokerKey) => traits with { BrokerKeys = [brokerKey] };

    /// <summary>Has no default: must be given.</summary>
    public static KeyTraits Required(this KeyTraits traits) => traits with { IsRequired = true };

    /// <summary>Valid in Kafka, without meaning here: accepted with a warning.</summary>
    public static KeyTraits NoEffect(this KeyTraits traits) => traits with { Effect = KeyEffect.None };

    /// <summary>Belongs to something that is not there yet: accepted with a warning.</summary>
    public static KeyTraits NotYet(this KeyTraits traits) => traits with { Effect = KeyEffect.NotYet };
}
