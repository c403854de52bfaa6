using Moldau.Protocol;

namespace Moldau.Coordinators;

/// <summary>Names one parked request. The shell chooses it; the core only hands it back, exactly once, in a <see cref="Reply"/>.</summary>
public readonly record struct ReplyToken(long Value);

/// <summary>An answer that may be sent now.</summary>
/// <param name="Token">The request it answers.</param>
/// <param name="Response">The generated response, or the part of it that the operation names.</param>
public readonly record struct Reply(ReplyToken Token, object Response);

/// <summary>An answer that holds once everything written so far is committed, and what to say when that fails.</summary>
/// <param name="Token">The request it answers.</param>
/// <param name="Response">The answer after the commit.</param>
/// <param name="OnFailure">The answer when the write fails, given an error that a client of a coordinator understands.</param>
internal readonly record struct DeferredReply(ReplyToken Token, object Response, Func<ErrorCode, object> OnFailure);

/// <summary>
/// What one step of a coordinator core asks of its shell: records to append, answers to send, timers to set.
/// </summary>
/// <remarks>
/// The shell carries it out in this order: append <see cref="Records"/>, replay them, apply <see cref="Timers"/>, send <see cref="Replies"/>.
/// When <see cref="AwaitsCommit"/> is set it comes back with the same result once everything written up to and including these records is
/// committed, or has failed; answers that must not be seen before the commit come out of that second step.
/// </remarks>
public sealed class CoordinatorResult
{
    private List<CoordinatorRecord>? records;
    private List<Reply>? replies;
    private List<TimerCommand>? timers;
    private List<DeferredReply>? deferred;

    internal CoordinatorResult(long nowMs) => NowMs = nowMs;

    /// <summary>Time of the step, in milliseconds since 1970.</summary>
    public long NowMs { get; }

    /// <summary>Records to append, in order.</summary>
    public IReadOnlyList<CoordinatorRecord> Records => records ?? [];

    /// <summary>Whether the records go into one batch, all or nothing. Clean-up may be split over several.</summary>
    public bool IsAtomic { get; internal set; } = true;

    /// <summary>Answers to send now.</summary>
    public IReadOnlyList<Reply> Replies => replies ?? [];

    /// <summary>Timers to set or cancel, in order.</summary>
    public IReadOnlyList<TimerCommand> Timers => timers ?? [];

    /// <summary>Whether the shell reports the outcome of the write back to the core.</summary>
    public bool AwaitsCommit => deferred is not null || Write is not null;

    /// <summary>What the core does when the write succeeds or fails, beyond answering.</summary>
    internal Groups.PendingWrite? Write { get; set; }

    internal IReadOnlyList<DeferredReply> Deferred => deferred ?? [];

    internal void Append(CoordinatorRecord record) => (records ??= []).Add(record);

    internal void Answer(ReplyToken token, object response) => (replies ??= []).Add(new Reply(token, response));

    internal void AnswerWhenCommitted(ReplyToken token, object response, Func<ErrorCode, object> onFailure) =>
        (deferred ??= []).Add(new DeferredReply(token, response, onFailure));

    internal void SetTimer(TimerKey key, long delayMs) => (timers ??= []).Add(new TimerCommand(key, NowMs + delayMs));

    internal void CancelTimer(TimerKey key) => (timers ??= []).Add(new TimerCommand(key, null));
}
