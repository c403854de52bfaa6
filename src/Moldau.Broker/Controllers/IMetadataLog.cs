using Moldau.Metadata;

namespace Moldau.Broker.Controllers;

/// <summary>The metadata log as the controller writes it; the quorum implements it. Called from the controller's loop.</summary>
internal interface IMetadataLog
{
    /// <summary>
    /// Appends records as the leader of an epoch, as one batch when <paramref name="isAtomic"/>. Returns the offset of the last one, the others precede it without gaps; null when
    /// this node no longer leads in that epoch.
    /// </summary>
    long? TryAppend(int epoch, IReadOnlyList<MetadataRecord> records, bool isAtomic);
}
