using Moldau.Protocol.Messages;

namespace Moldau.Coordinators;

/// <summary>
/// One record of an internal topic: a key message and a value message, or a tombstone. Once made it is never changed: the state that
/// replays it keeps the value itself.
/// </summary>
/// <param name="Key">The generated key message. Keys have one version, 0; the record type is the key's API key.</param>
/// <param name="Value">The generated value message; null deletes what the key names.</param>
/// <param name="ValueVersion">Version the value is written at; unused for a tombstone.</param>
public readonly record struct CoordinatorRecord(IMessage Key, IMessage? Value, short ValueVersion)
{
    /// <summary>A record that deletes what <paramref name="key"/> names.</summary>
    public static CoordinatorRecord Tombstone(IMessage key) => new(key, null, 0);
}
