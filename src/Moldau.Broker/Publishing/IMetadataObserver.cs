using Moldau.Metadata.Image;

namespace Moldau.Broker.Publishing;

/// <summary>A part of the broker that acts on changes of the metadata: coordinators, dynamic configuration.</summary>
internal interface IMetadataObserver
{
    /// <summary>
    /// Called by the publisher after partitions have been opened and closed, before the image is shown to requests. One call at a time, in order. What takes long is begun, not awaited.
    /// </summary>
    void MetadataChanged(MetadataDelta delta, MetadataImage image);
}
