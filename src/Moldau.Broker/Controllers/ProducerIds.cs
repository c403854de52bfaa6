using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Controllers;

/// <summary>Hands out producer ids from a block of the controller's, and fetches the next block when it is used up: an id is never given twice. Thread-safe.</summary>
internal sealed class ProducerIds(IControllerChannel controller, int nodeId, Func<long> brokerEpoch)
{
    private readonly Lock gate = new();
    private long next, end;
    private Task<bool>? fetching;

    /// <summary>The next id; null when the controller cannot be reached.</summary>
    public async ValueTask<ProducerId?> NextAsync()
    {
        while (true)
        {
            Task<bool> fetch;
            lock (gate)
            {
                if (next < end) return new ProducerId(next++);
                fetch = fetching ??= FetchAsync();
            }

            if (!await fetch) return null;
        }
    }

    private async Task<bool> FetchAsync()
    {
        AllocateProducerIdsResponse? block =
            await controller.AllocateProducerIdsAsync(new AllocateProducerIdsRequest { BrokerId = nodeId, BrokerEpoch = brokerEpoch() });
        lock (gate)
        {
            fetching = null;
            if (block is not { ErrorCode: (short)ErrorCode.None }) return false;
            next = block.ProducerIdStart;
            end = block.ProducerIdStart + block.ProducerIdLen;
            return true;
        }
    }
}
