using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>SASL, delegation tokens, authorization.</summary>
public static class SaslKeys
{
    internal static readonly KeySection Section = new("SASL, tokens and authorization");

    public static readonly ConfigKey<string?> AuthorizerClassName = Section.String("authorizer.class.name", "", ConfigRule.NonNull,
        Low(ReadOnly, "Authorizer that decides what a principal may do; empty: everybody may do everything."));

    public static readonly ConfigKey<string?> PrincipalBuilderClass = Section.Class("principal.builder.class", "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder",
        Medium(PerBroker, "Java class that makes principals.").NoEffect());

    public static readonly ConfigKey<long> DelegationTokenExpiryCheckIntervalMs = Section.Long("delegation.token.expiry.check.interval.ms", 3600000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often delegation tokens are looked at for expiry, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> DelegationTokenExpiryTimeMs = Section.Long("delegation.token.expiry.time.ms", 86400000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How long a delegation token is valid without renewal, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> DelegationTokenMaxLifetimeMs = Section.Long("delegation.token.max.lifetime.ms", 604800000, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "How long a delegation token can be renewed, in milliseconds.").NotYet());

    public static readonly ConfigKey<string?> DelegationTokenSecretKey = Section.Password("delegation.token.secret.key",
        Medium(ReadOnly, "Secret from which delegation tokens are made, the same on every node.").NotYet());

    public static readonly ConfigKey<string?> SaslClientCallbackHandlerClass = Section.Class("sasl.client.callback.handler.class", null,
        Medium(ReadOnly, "Java callback handler of SASL clients.").NoEffect());

    public static readonly ConfigKey<IReadOnlyList<string>?> SaslEnabledMechanisms = Section.List("sasl.enabled.mechanisms", ["GSSAPI"], ConfigRule.DistinctList,
        Medium(PerBroker, "SASL mechanisms that are offered.").NotYet());

    public static readonly ConfigKey<string?> SaslJaasConfig = Section.Password("sasl.jaas.config",
        Medium(PerBroker, "Login settings in JAAS form.").NotYet());

    public static readonly ConfigKey<string?> SaslKerberosKinitCmd = Section.String("sasl.kerberos.kinit.cmd", "/usr/bin/kinit", null,
        Medium(PerBroker, "Path of the kinit command.").NotYet());

    public static readonly ConfigKey<long> SaslKerberosMinTimeBeforeRelogin = Section.Long("sasl.kerberos.min.time.before.relogin", 60000, null,
        Medium(PerBroker, "Shortest time between two Kerberos logins, in milliseconds.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> SaslKerberosPrincipalToLocalRules = Section.List("sasl.kerberos.principal.to.local.rules", ["DEFAULT"], ConfigRule.DistinctList,
        Medium(PerBroker, "Rules that turn a Kerberos principal into a short name.").NotYet());

    public static readonly ConfigKey<string?> SaslKerberosServiceName = Section.String("sasl.kerberos.service.name", null, null,
        Medium(PerBroker, "Kerberos service name.").NotYet());

    public static readonly ConfigKey<double> SaslKerberosTicketRenewJitter = Section.Double("sasl.kerberos.ticket.renew.jitter", 0.05, null,
        Medium(PerBroker, "Random share added to the time of a ticket's renewal.").NotYet());

    public static readonly ConfigKey<double> SaslKerberosTicketRenewWindowFactor = Section.Double("sasl.kerberos.ticket.renew.window.factor", 0.8, null,
        Medium(PerBroker, "Share of a ticket's life after which it is renewed.").NotYet());

    public static readonly ConfigKey<string?> SaslLoginCallbackHandlerClass = Section.Class("sasl.login.callback.handler.class", null,
        Medium(ReadOnly, "Java callback handler of the login.").NoEffect());

    public static readonly ConfigKey<string?> SaslLoginClass = Section.Class("sasl.login.class", null,
        Medium(ReadOnly, "Java class of the login.").NoEffect());

    public static readonly ConfigKey<int?> SaslLoginConnectTimeoutMs = Section.OptionalInt("sasl.login.connect.timeout.ms", null,
        Low(ReadOnly, "How long a connection to the token server may take, in milliseconds.").NotYet());

    public static readonly ConfigKey<int?> SaslLoginReadTimeoutMs = Section.OptionalInt("sasl.login.read.timeout.ms", null,
        Low(ReadOnly, "How long an answer of the token server may take, in milliseconds.").NotYet());

    public static readonly ConfigKey<short> SaslLoginRefreshBufferSeconds = Section.Short("sasl.login.refresh.buffer.seconds", 300, null,
        Medium(PerBroker, "How long before its end a token is refreshed at the latest, in seconds.").NotYet());

    public static readonly ConfigKey<short> SaslLoginRefreshMinPeriodSeconds = Section.Short("sasl.login.refresh.min.period.seconds", 60, null,
        Medium(PerBroker, "Shortest time between two refreshes of a token, in seconds.").NotYet());

    public static readonly ConfigKey<double> SaslLoginRefreshWindowFactor = Section.Double("sasl.login.refresh.window.factor", 0.8, null,
        Medium(PerBroker, "Share of a token's life after which it is refreshed.").NotYet());

    public static readonly ConfigKey<double> SaslLoginRefreshWindowJitter = Section.Double("sasl.login.refresh.window.jitter", 0.05, null,
        Medium(PerBroker, "Random share added to the time of a token's refresh.").NotYet());

    public static readonly ConfigKey<long> SaslLoginRetryBackoffMaxMs = Section.Long("sasl.login.retry.backoff.max.ms", 10000, null,
        Low(ReadOnly, "Longest wait before a login is tried again, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> SaslLoginRetryBackoffMs = Section.Long("sasl.login.retry.backoff.ms", 100, null,
        Low(ReadOnly, "First wait before a login is tried again, in milliseconds.").NotYet());

    public static readonly ConfigKey<string?> SaslMechanismControllerProtocol = Section.String("sasl.mechanism.controller.protocol", "GSSAPI", null,
        High(ReadOnly, "SASL mechanism between brokers and controllers.").NotYet());

    public static readonly ConfigKey<string?> SaslMechanismInterBrokerProtocol = Section.String("sasl.mechanism.inter.broker.protocol", "GSSAPI", null,
        Medium(PerBroker, "SASL mechanism between brokers.").NotYet());

    public static readonly ConfigKey<string?> SaslServerCallbackHandlerClass = Section.Class("sasl.server.callback.handler.class", null,
        Medium(ReadOnly, "Java callback handler of the server.").NoEffect());

    public static readonly ConfigKey<int> SaslServerMaxReceiveSize = Section.Int("sasl.server.max.receive.size", 524288, null,
        Medium(ReadOnly, "Largest SASL token accepted before authentication, in bytes.").NotYet());
}
