using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>TLS.</summary>
public static class SslKeys
{
    internal static readonly KeySection Section = new("TLS");

    public static readonly ConfigKey<bool> SslAllowDnChanges = Section.Bool("ssl.allow.dn.changes", false,
        Low(ReadOnly, "Whether a new certificate may carry another distinguished name.").NotYet());

    public static readonly ConfigKey<bool> SslAllowSanChanges = Section.Bool("ssl.allow.san.changes", false,
        Low(ReadOnly, "Whether a new certificate may lack names that the old one had.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> SslCipherSuites = Section.List("ssl.cipher.suites", [], ConfigRule.DistinctList,
        Medium(PerBroker, "Cipher suites that are offered; empty: the system's.").NotYet());

    public static readonly ConfigKey<string?> SslClientAuth = Section.String("ssl.client.auth", "none", ConfigRule.OneOf("required", "requested", "none"),
        Medium(PerBroker, "Whether clients must show a certificate: `required`, `requested` or `none`.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> SslEnabledProtocols = Section.List("ssl.enabled.protocols", ["TLSv1.2", "TLSv1.3"], ConfigRule.DistinctList,
        Medium(PerBroker, "TLS versions that are offered.").NotYet());

    public static readonly ConfigKey<string?> SslEndpointIdentificationAlgorithm = Section.String("ssl.endpoint.identification.algorithm", "https", null,
        Low(PerBroker, "How the server's name is checked when the node connects; empty: not at all.").NotYet());

    public static readonly ConfigKey<string?> SslEngineFactoryClass = Section.Class("ssl.engine.factory.class", null,
        Low(PerBroker, "Java class that makes TLS engines.").NoEffect());

    public static readonly ConfigKey<string?> SslKeyPassword = Section.Password("ssl.key.password",
        Medium(PerBroker, "Password of the private key.").NotYet());

    public static readonly ConfigKey<string?> SslKeymanagerAlgorithm = Section.String("ssl.keymanager.algorithm", "SunX509", null,
        Medium(PerBroker, "Java key manager algorithm.").NoEffect());

    public static readonly ConfigKey<string?> SslKeystoreCertificateChain = Section.Password("ssl.keystore.certificate.chain",
        Medium(PerBroker, "Certificate chain in PEM form.").NotYet());

    public static readonly ConfigKey<string?> SslKeystoreKey = Section.Password("ssl.keystore.key",
        Medium(PerBroker, "Private key in PEM form.").NotYet());

    public static readonly ConfigKey<string?> SslKeystoreLocation = Section.String("ssl.keystore.location", null, null,
        Medium(PerBroker, "File of the key store.").NotYet());

    public static readonly ConfigKey<string?> SslKeystorePassword = Section.Password("ssl.keystore.password",
        Medium(PerBroker, "Password of the key store.").NotYet());

    public static readonly ConfigKey<string?> SslKeystoreType = Section.String("ssl.keystore.type", "JKS", null,
        Medium(PerBroker, "Format of the key store: JKS, PKCS12 or PEM.").NotYet());

    public static readonly ConfigKey<string?> SslPrincipalMappingRules = Section.String("ssl.principal.mapping.rules", "DEFAULT", null,
        Low(ReadOnly, "Rules that turn a certificate's name into a principal's.").NotYet());

    public static readonly ConfigKey<string?> SslProtocol = Section.String("ssl.protocol", "TLSv1.3", null,
        Medium(PerBroker, "Highest TLS version.").NotYet());

    public static readonly ConfigKey<string?> SslProvider = Section.String("ssl.provider", null, null,
        Medium(PerBroker, "Java security provider.").NoEffect());

    public static readonly ConfigKey<string?> SslSecureRandomImplementation = Section.String("ssl.secure.random.implementation", null, null,
        Low(PerBroker, "Java random number generator.").NoEffect());

    public static readonly ConfigKey<string?> SslTrustmanagerAlgorithm = Section.String("ssl.trustmanager.algorithm", "PKIX", null,
        Medium(PerBroker, "Java trust manager algorithm.").NoEffect());

    public static readonly ConfigKey<string?> SslTruststoreCertificates = Section.Password("ssl.truststore.certificates",
        Medium(PerBroker, "Trusted certificates in PEM form.").NotYet());

    public static readonly ConfigKey<string?> SslTruststoreLocation = Section.String("ssl.truststore.location", null, null,
        Medium(PerBroker, "File of the trust store.").NotYet());

    public static readonly ConfigKey<string?> SslTruststorePassword = Section.Password("ssl.truststore.password",
        Medium(PerBroker, "Password of the trust store.").NotYet());

    public static readonly ConfigKey<string?> SslTruststoreType = Section.String("ssl.truststore.type", "JKS", null,
        Medium(PerBroker, "Format of the trust store: JKS, PKCS12 or PEM.").NotYet());
}
