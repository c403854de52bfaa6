using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>Asks for the identity of an idempotent producer (InitProducerId).</summary>
internal static class ProducerIds
{
    public static async Task<ProducerIdentity> AskAsync(Cluster cluster, CancellationToken cancellation)
    {
        KafkaConnection connection = await cluster.AnyAsync(cancellation);
        var request = new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue };
        InitProducerIdResponse response = await connection.SendAsync(request, cancellation: cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, "an id for the idempotent producer");
        return new ProducerIdentity(response.ProducerId, response.ProducerEpoch);
    }
}
