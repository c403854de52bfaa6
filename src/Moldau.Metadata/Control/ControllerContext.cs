namespace Moldau.Metadata.Control;

/// <summary>What a handler must know besides its request.</summary>
/// <param name="NowMs">Milliseconds of a monotonic clock.</param>
/// <param name="Principal">Who asks, for example <c>User:alice</c>.</param>
/// <param name="ApiVersion">The request's version.</param>
public readonly record struct ControllerContext(long NowMs, string Principal, short ApiVersion);

/// <summary>What a handler decided: records to append and the response to send once they are committed (at once when there are none).</summary>
/// <param name="Records">In order of replay.</param>
/// <param name="Response">The answer if the append succeeds.</param>
/// <param name="IsAtomic">Whether the records must be appended as one batch, so that they appear together or not at all.</param>
public sealed record ControllerResult<T>(IReadOnlyList<MetadataRecord> Records, T Response, bool IsAtomic)
{
    /// <summary>A response without records.</summary>
    public static ControllerResult<T> Of(T response) => new([], response, false);
}

/// <summary>The randomness of a controller: seeded in simulation.</summary>
public interface IControllerRandom
{
    /// <summary>A new id, never a reserved one.</summary>
    Protocol.Uuid NewId();

    /// <summary>A number from 0 to below <paramref name="exclusiveMax"/>.</summary>
    int Next(int exclusiveMax);
}
