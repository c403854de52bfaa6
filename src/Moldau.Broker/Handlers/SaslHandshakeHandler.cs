using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>SaslHandshake (key 17, v0-1): which mechanism a client wants to authenticate with.</summary>
/// <remarks>On a listener without SASL there is nothing to shake hands about: ILLEGAL_SASL_STATE, as in Kafka, which advertises the API all the same.</remarks>
internal sealed class SaslHandshakeHandler() : ApiHandler<SaslHandshakeRequest, SaslHandshakeResponse>(ApiKey.SaslHandshake, 0, 1, Listeners.Both)
{
    protected internal override ValueTask HandleAsync(RequestContext<SaslHandshakeRequest, SaslHandshakeResponse> context)
    {
        context.Response.ErrorCode = (short)ErrorCode.IllegalSaslState;
        return ValueTask.CompletedTask;
    }
}
