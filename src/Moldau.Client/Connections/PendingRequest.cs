using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>A request on its way: encoded, then sent, then answered.</summary>
internal abstract class PendingRequest(ApiKey api, short version, int correlationId)
{
    public ApiKey Api => api;

    public short Version => version;

    public int CorrelationId => correlationId;

    /// <summary>The frame; null once it has been sent.</summary>
    public WireWriter? Frame { get; set; }

    /// <summary>When it is overdue, in timestamps of the clock.</summary>
    public long Deadline { get; init; }

    /// <summary>Whether the broker answers: it does not with acks=0.</summary>
    public virtual bool IsAnswered => true;

    /// <summary>Whether the answer's record bytes are slices of its frame, which then may not be recycled.</summary>
    public bool HoldsFrame => api is ApiKey.Fetch or ApiKey.ShareFetch or ApiKey.FetchSnapshot;

    public abstract void Complete(ReadOnlyMemory<byte> frame, StringCache strings);

    public abstract void Fail(Exception failure);
}

/// <summary>A request that <typeparamref name="TResponse"/> answers.</summary>
internal sealed class PendingRequest<TResponse>(ApiKey api, short version, int correlationId) : PendingRequest(api, version, correlationId)
    where TResponse : IResponse, new()
{
    private readonly TaskCompletionSource<TResponse> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResponse> Answer => answer.Task;

    public override void Complete(ReadOnlyMemory<byte> frame, StringCache strings)
    {
        var reader = new WireReader(frame, strings);
        int correlationId = MessageFrame.ReadResponseHeader(ref reader, Api, Version);
        if (correlationId != CorrelationId)
        {
            throw new WireFormatException("ResponseHeader.CorrelationId", $"{correlationId} answers, {CorrelationId} was asked", 0);
        }

        short version = IsRefusedApiVersions(reader) ? (short)0 : Version;
        var response = new TResponse();
        response.Read(ref reader, version);
        answer.TrySetResult(response);
    }

    public override void Fail(Exception failure)
    {
        if (answer.TrySetException(failure)) _ = answer.Task.Exception;
    }

    // A broker that does not know the version of an ApiVersions request answers in the layout of version 0, which begins with the error.
    private bool IsRefusedApiVersions(WireReader reader) =>
        Api == ApiKey.ApiVersions && reader.Remaining >= 2 && reader.ReadInt16() == (short)ErrorCode.UnsupportedVersion;
}

/// <summary>A request that is not answered; it is done when it has been sent.</summary>
internal sealed class PostedRequest(ApiKey api, short version, int correlationId) : PendingRequest(api, version, correlationId)
{
    private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Sent => sent.Task;

    public override bool IsAnswered => false;

    public override void Complete(ReadOnlyMemory<byte> frame, StringCache strings) => sent.TrySetResult();

    public override void Fail(Exception failure)
    {
        if (sent.TrySetException(failure)) _ = sent.Task.Exception;
    }
}
