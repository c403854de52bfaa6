using Moldau.Protocol;

namespace Moldau.Storage.Epochs;

/// <summary>A leader epoch and the first offset written in it.</summary>
public readonly record struct EpochStart(LeaderEpoch Epoch, long StartOffset);
