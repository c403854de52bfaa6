using Moldau.Coordinators;
using Moldau.Protocol;

namespace Moldau.Broker.Groups;

/// <summary>The requests that a shard has taken and not answered, by token. Used by the shard's loop alone.</summary>
internal sealed class ShardReplies
{
    private readonly Dictionary<ReplyToken, ParkedRequest> parked = [];
    private long lastToken;

    /// <summary>Requests without an answer.</summary>
    public int Count => parked.Count;

    public ReplyToken Park(ParkedRequest request)
    {
        var token = new ReplyToken(++lastToken);
        parked.Add(token, request);
        return token;
    }

    public void Answer(Reply reply)
    {
        bool found = parked.Remove(reply.Token, out ParkedRequest? request);
        Invariant.That(found);
        request!.Answer(reply.Response);
    }
}

/// <summary>A request that waits for its answer.</summary>
internal abstract class ParkedRequest
{
    public abstract void Answer(object response);

    public abstract void Refuse(ErrorCode error);
}

/// <inheritdoc/>
/// <param name="refusal">Makes the answer that says an error.</param>
internal sealed class ParkedRequest<T>(Func<ErrorCode, T> refusal) : ParkedRequest
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer. It never fails: errors are answers too.</summary>
    public Task<T> Task => answer.Task;

    public override void Answer(object response) => answer.SetResult((T)response);

    public override void Refuse(ErrorCode error) => answer.SetResult(refusal(error));
}
