namespace Moldau.Protocol.Batches;

/// <summary>Bytes that are not the record batches they should be. The only exception that reading batches and records throws.</summary>
/// <param name="error">What kind of damage.</param>
/// <param name="message">What is wrong, in words.</param>
/// <param name="inner">What a compression library said.</param>
public sealed class RecordFormatException(RecordFormatError error, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>What kind of damage.</summary>
    public RecordFormatError Error { get; } = error;
}

/// <summary>Kinds of damage in a batch, in the order in which a reader meets them.</summary>
public enum RecordFormatError
{
    /// <summary>The batch's length or magic byte cannot be: what follows cannot be told apart either.</summary>
    Batch,

    /// <summary>The batch is shorter than its format's header, or its CRC is wrong.</summary>
    Checksum,

    /// <summary>The records cannot be decompressed.</summary>
    Compression,

    /// <summary>The records unfold to more bytes than the reader allows.</summary>
    TooLarge,

    /// <summary>A record, or their number, is not as the batch says.</summary>
    Record,
}
