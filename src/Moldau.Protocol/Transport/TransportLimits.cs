namespace Moldau.Protocol.Transport;

/// <summary>The bounds of buffers and sockets.</summary>
public static class TransportLimits
{
    /// <summary>Smallest and largest pooled buffer, bytes; the classes between are powers of two. A larger buffer is made for its request and given to the collector.</summary>
    public const int SmallestBufferBytes = 4 * 1024, LargestBufferBytes = 2 * 1024 * 1024;

    /// <summary>Bytes that lie idle in one class of a pool at most; what is returned beyond is given to the collector.</summary>
    public const int IdleBytesPerClass = 16 * 1024 * 1024;

    /// <summary>File regions from this size go by sendfile; below, reading and copying costs less than the extra call (measured: break-even near 16 KiB).</summary>
    public const int SendFileMinBytes = 16 * 1024;

    /// <summary>Small pieces of a send are put side by side in one buffer of this size, so that they leave in one call.</summary>
    public const int StagingBytes = 64 * 1024;

    /// <summary>A memory piece up to this size is copied into the staging buffer when it has neighbours; a larger one is sent from where it lies.</summary>
    public const int StagedPieceMaxBytes = 8 * 1024;

    /// <summary>Sent by copy when sendfile finds the socket full: waiting for room needs an ordinary send, and the least bytes are copied so.</summary>
    public const int SendFileRetryBytes = 4 * 1024;

    /// <summary>Copied in one piece where there is no sendfile.</summary>
    public const int CopiedRegionBytes = 256 * 1024;

    /// <summary>Pieces in one gathering send (the system takes 1024).</summary>
    public const int GatheredPieces = 256;

    /// <summary>Connections that wait to be accepted (the system cuts it to net.core.somaxconn).</summary>
    public const int Backlog = 1024;
}
