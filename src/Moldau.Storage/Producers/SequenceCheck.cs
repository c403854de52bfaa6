using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Storage.Producers;

/// <summary>What a partition makes of a batch with a producer id before it is appended.</summary>
/// <param name="Error">Why the batch is refused; none when it may be appended or is a duplicate.</param>
/// <param name="Message">The reason, in words.</param>
/// <param name="Duplicate">The batch that stands in the log already.</param>
internal readonly record struct SequenceVerdict(ErrorCode Error, string? Message, ProducedBatch? Duplicate);

/// <summary>
/// Epoch, sequence and transaction rules for a leader's append (KIP-98, KIP-360): a retry is recognised by its exact sequence range among
/// the last five batches; an unknown producer may begin anywhere; a new epoch begins at 0; what is not next is out of order.
/// </summary>
internal static class SequenceCheck
{
    /// <summary>Judges a batch against what is known of its producer.</summary>
    public static SequenceVerdict Check(ProducerStates states, in RecordBatchHeader batch, in TransactionMarker? marker, AppendOrigin origin)
    {
        ProducerState? producer = states.Find(batch.ProducerId);
        if (producer is null) return default;
        if (origin == AppendOrigin.Client && !batch.IsControl
            && producer.FindDuplicate(batch.ProducerEpoch, batch.BaseSequence, batch.LastSequence) is { } duplicate)
            return new SequenceVerdict(ErrorCode.None, null, duplicate);
        if (batch.ProducerEpoch < producer.Epoch)
            return Refuse(ErrorCode.InvalidProducerEpoch, $"epoch {batch.ProducerEpoch} of producer {producer.Id} is below the last seen, {producer.Epoch}");
        if (marker is { } end)
        {
            return end.CoordinatorEpoch < producer.CoordinatorEpoch
                ? Refuse(ErrorCode.TransactionCoordinatorFenced, $"coordinator epoch {end.CoordinatorEpoch} for producer {producer.Id} is below the last seen, {producer.CoordinatorEpoch}")
                : default;
        }

        if (origin == AppendOrigin.Client && !IsNext(producer, batch))
            return Refuse(ErrorCode.OutOfOrderSequenceNumber, $"sequence {batch.BaseSequence} of producer {producer.Id} at epoch {batch.ProducerEpoch} does not follow {producer.LastSequence} at epoch {producer.Epoch}");
        if (producer.TransactionStart >= 0 && !batch.IsTransactional && !batch.IsControl)
            return Refuse(ErrorCode.InvalidTxnState, $"producer {producer.Id} has a transaction open and wrote outside it");
        return default;
    }

    private static bool IsNext(ProducerState producer, in RecordBatchHeader batch)
    {
        if (batch.ProducerEpoch != producer.Epoch) return batch.BaseSequence == 0 || producer.Epoch == -1;
        int last = producer.LastSequence;
        return batch.BaseSequence == last + 1L || (batch.BaseSequence == 0 && last == int.MaxValue);
    }

    private static SequenceVerdict Refuse(ErrorCode error, string message) => new(error, message, null);
}
