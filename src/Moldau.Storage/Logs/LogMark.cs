namespace Moldau.Storage.Logs;

/// <summary>An offset and where it stands: the segment, and the byte in it where the batch of that offset begins or would begin.</summary>
/// <remarks>An object, so that offset and position are swapped together and readers need no lock.</remarks>
internal sealed record LogMark(long Offset, long SegmentBase, int Position);
