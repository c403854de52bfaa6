using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>OAUTHBEARER.</summary>
public static class OAuthKeys
{
    internal static readonly KeySection Section = new("OAUTHBEARER");

    public static readonly ConfigKey<bool> SaslOauthbearerAllowUnverifiedAudience = Section.Bool("sasl.oauthbearer.allow.unverified.audience", false,
        Medium(ReadOnly, "Whether a token's audience may go unchecked.").NotYet());

    public static readonly ConfigKey<bool> SaslOauthbearerAllowUnverifiedIssuer = Section.Bool("sasl.oauthbearer.allow.unverified.issuer", false,
        Medium(ReadOnly, "Whether a token's issuer may go unchecked.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionAlgorithm = Section.String("sasl.oauthbearer.assertion.algorithm", "RS256", ConfigRule.OneOfIgnoringCase("ES256", "RS256"),
        Medium(ReadOnly, "Algorithm that signs assertions.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimAud = Section.String("sasl.oauthbearer.assertion.claim.aud", null, null,
        Medium(ReadOnly, "Audience claim of assertions.").NotYet());

    public static readonly ConfigKey<int> SaslOauthbearerAssertionClaimExpSeconds = Section.Int("sasl.oauthbearer.assertion.claim.exp.seconds", 300, ConfigRule.Between(0, 86400),
        Low(ReadOnly, "How long an assertion is valid, in seconds.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimIss = Section.String("sasl.oauthbearer.assertion.claim.iss", null, null,
        Medium(ReadOnly, "Issuer claim of assertions.").NotYet());

    public static readonly ConfigKey<bool> SaslOauthbearerAssertionClaimJtiInclude = Section.Bool("sasl.oauthbearer.assertion.claim.jti.include", false,
        Medium(ReadOnly, "Whether assertions carry an id of their own.").NotYet());

    public static readonly ConfigKey<int> SaslOauthbearerAssertionClaimNbfSeconds = Section.Int("sasl.oauthbearer.assertion.claim.nbf.seconds", 60, ConfigRule.Between(0, 3600),
        Low(ReadOnly, "How long before now an assertion begins to be valid, in seconds.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionClaimSub = Section.String("sasl.oauthbearer.assertion.claim.sub", null, null,
        Medium(ReadOnly, "Subject claim of assertions.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionFile = Section.String("sasl.oauthbearer.assertion.file", null, null,
        Medium(ReadOnly, "File that holds a ready assertion.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionPrivateKeyFile = Section.String("sasl.oauthbearer.assertion.private.key.file", null, null,
        Medium(ReadOnly, "File of the key that signs assertions.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionPrivateKeyPassphrase = Section.Password("sasl.oauthbearer.assertion.private.key.passphrase",
        Medium(ReadOnly, "Passphrase of that key.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerAssertionTemplateFile = Section.String("sasl.oauthbearer.assertion.template.file", null, null,
        Medium(ReadOnly, "File of claims and headers that go into assertions.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerClientCredentialsClientId = Section.String("sasl.oauthbearer.client.credentials.client.id", null, null,
        Medium(ReadOnly, "Client id of the client credentials grant.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerClientCredentialsClientSecret = Section.Password("sasl.oauthbearer.client.credentials.client.secret",
        Medium(ReadOnly, "Client secret of the client credentials grant.").NotYet());

    public static readonly ConfigKey<int> SaslOauthbearerClockSkewSeconds = Section.Int("sasl.oauthbearer.clock.skew.seconds", 30, null,
        Low(ReadOnly, "Difference of clocks that is allowed for, in seconds.").NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> SaslOauthbearerExpectedAudience = Section.List("sasl.oauthbearer.expected.audience", [], ConfigRule.DistinctList,
        High(ReadOnly, "Audiences of which a token must name one.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerExpectedIssuer = Section.String("sasl.oauthbearer.expected.issuer", null, null,
        High(ReadOnly, "Issuer a token must have.").NotYet());

    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRefreshMs = Section.Long("sasl.oauthbearer.jwks.endpoint.refresh.ms", 3600000, null,
        Low(ReadOnly, "How often the issuer's keys are fetched, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRetryBackoffMaxMs = Section.Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", 10000, null,
        Low(ReadOnly, "Longest wait before the keys are fetched again after a failure, in milliseconds.").NotYet());

    public static readonly ConfigKey<long> SaslOauthbearerJwksEndpointRetryBackoffMs = Section.Long("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", 100, null,
        Low(ReadOnly, "First wait before the keys are fetched again after a failure, in milliseconds.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerJwksEndpointUrl = Section.String("sasl.oauthbearer.jwks.endpoint.url", null, null,
        Medium(ReadOnly, "Where the issuer's keys are.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerJwtRetrieverClass = Section.Class("sasl.oauthbearer.jwt.retriever.class", "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
        Medium(ReadOnly, "Java class that gets tokens.").NoEffect());

    public static readonly ConfigKey<string?> SaslOauthbearerJwtValidatorClass = Section.Class("sasl.oauthbearer.jwt.validator.class", "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
        Medium(ReadOnly, "Java class that checks tokens.").NoEffect());

    public static readonly ConfigKey<string?> SaslOauthbearerScope = Section.String("sasl.oauthbearer.scope", null, null,
        Medium(ReadOnly, "Scope that is asked for.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerScopeClaimName = Section.String("sasl.oauthbearer.scope.claim.name", "scope", null,
        Low(ReadOnly, "Claim that holds the scope.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerSubClaimName = Section.String("sasl.oauthbearer.sub.claim.name", "sub", null,
        Low(ReadOnly, "Claim that holds the subject.").NotYet());

    public static readonly ConfigKey<string?> SaslOauthbearerTokenEndpointUrl = Section.String("sasl.oauthbearer.token.endpoint.url", null, null,
        Medium(ReadOnly, "Where tokens come from.").NotYet());
}
