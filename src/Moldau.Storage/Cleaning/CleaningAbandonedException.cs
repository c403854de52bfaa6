using Moldau.Protocol;

namespace Moldau.Storage.Cleaning;

/// <summary>A cleaning that is not worth ending: its log was truncated, closed or shortened meanwhile, or the cleaner stops. Nothing was changed.</summary>
internal sealed class CleaningAbandonedException(TopicPartition partition) : Exception($"{partition}: the cleaning was abandoned");
