using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Hands out producer ids, a block at a time (KIP-730).</summary>
internal sealed class ProducerIdControl(ControllerState state, ClusterControl cluster)
{
    /// <summary>AllocateProducerIds (key 67): the next thousand ids for a broker.</summary>
    /// <remarks>Errors: STALE_BROKER_EPOCH; UNKNOWN_SERVER_ERROR when 64 bits are used up.</remarks>
    internal ControllerResult<AllocateProducerIdsResponse> Allocate(AllocateProducerIdsRequest request)
    {
        ErrorCode error = cluster.CheckEpoch(request.BrokerId, request.BrokerEpoch);
        long first = Math.Max(0, state.Image.NextProducerId);
        if (error == ErrorCode.None && first > long.MaxValue - Limits.ProducerIdsPerBlock) error = ErrorCode.UnknownServerError;
        if (error != ErrorCode.None) return ControllerResult<AllocateProducerIdsResponse>.Of(new AllocateProducerIdsResponse { ErrorCode = (short)error });
        var record = new ProducerIdsRecord { BrokerId = request.BrokerId, BrokerEpoch = request.BrokerEpoch, NextProducerId = first + Limits.ProducerIdsPerBlock };
        return new ControllerResult<AllocateProducerIdsResponse>(
            [new MetadataRecord(record, 0)],
            new AllocateProducerIdsResponse { ProducerIdStart = first, ProducerIdLen = Limits.ProducerIdsPerBlock },
            false);
    }
}
