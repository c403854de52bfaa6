using Moldau.Protocol;

namespace Moldau.Metadata;

/// <summary>A protocol outcome with the words that go with it on the wire. The message is null where Kafka sends none.</summary>
public readonly record struct ApiError(ErrorCode Code, string? Message = null)
{
    /// <summary>Success.</summary>
    public static readonly ApiError None = new(ErrorCode.None);

    /// <summary>Whether it is an error.</summary>
    public bool IsFailure => Code != ErrorCode.None;
}
