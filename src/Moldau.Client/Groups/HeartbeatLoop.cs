using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>What a heartbeat may find out.</summary>
internal enum HeartbeatFinding
{
    /// <summary>The group rebalances: join again.</summary>
    Rebalance,

    /// <summary>The coordinator does not know the member any more: its partitions are lost.</summary>
    Lost,

    /// <summary>Another consumer with the same instance id has taken its place, or the group refuses it.</summary>
    Refused,

    /// <summary>The caller has not polled for too long: leave.</summary>
    Idle,
}

/// <summary>Tells the coordinator that a member is alive, from one rebalance to the next.</summary>
internal sealed class HeartbeatLoop(
    Cluster cluster, GroupConnection connection, ConsumerOptions options, string group, Func<TimeSpan> sincePoll, Action<Generation, HeartbeatFinding, KafkaException?> found)
{
    /// <summary>Beats until <paramref name="stop"/>, or until something is found that ends the generation.</summary>
    public async Task RunAsync(Generation generation, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await cluster.Scheduler.Delay(options.HeartbeatInterval, stop);
                if (sincePoll() > options.PollIntervalMax)
                {
                    found(generation, HeartbeatFinding.Idle, null);
                    return;
                }

                if (await BeatAsync(generation, stop)) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Another generation begins, or the consumer ends.
        }
    }

    private async Task<bool> BeatAsync(Generation generation, CancellationToken stop)
    {
        try
        {
            await connection.SendAsync(
                _ => new HeartbeatRequest { GroupId = group, GenerationId = generation.Id, MemberId = generation.MemberId, GroupInstanceId = options.GroupInstanceId },
                ApiKey.Heartbeat,
                short.MaxValue,
                static (HeartbeatResponse response) => (ErrorCode)response.ErrorCode,
                null,
                stop);
            return false;
        }
        catch (KafkaException e)
        {
            switch (e.Code)
            {
                case ErrorCode.RebalanceInProgress:
                    found(generation, HeartbeatFinding.Rebalance, e);
                    // It goes on: revoking may take the caller a while, in which it is alive.
                    return false;
                case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                    found(generation, HeartbeatFinding.Lost, e);
                    return true;
                default:
                    if (e.IsRetriable) return false;
                    found(generation, HeartbeatFinding.Refused, e);
                    return true;
            }
        }
    }
}
