using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>An image that records move on, with the image from before an open metadata transaction kept aside (KIP-868).</summary>
internal sealed class ImageTip(MetadataImage image, MetadataImage? beforeTransaction = null)
{
    /// <summary>The image with every record so far, those of an open transaction included.</summary>
    internal MetadataImage Image { get; private set; } = image;

    /// <summary>The image to show while a transaction is open; null otherwise.</summary>
    internal MetadataImage? BeforeTransaction { get; private set; } = beforeTransaction;

    /// <summary>Whether a transaction is open.</summary>
    internal bool InTransaction => BeforeTransaction is not null;

    internal void Replay(IMessage message)
    {
        switch (message)
        {
            case BeginTransactionRecord:
                if (InTransaction) throw new MetadataReplayException("BeginTransactionRecord inside of a metadata transaction");
                BeforeTransaction = Image;
                break;
            case EndTransactionRecord:
                if (!InTransaction) throw new MetadataReplayException("EndTransactionRecord outside of a metadata transaction");
                BeforeTransaction = null;
                break;
            case AbortTransactionRecord:
                Image = BeforeTransaction ?? throw new MetadataReplayException("AbortTransactionRecord outside of a metadata transaction");
                BeforeTransaction = null;
                break;
            default:
                Image = RecordReplay.Replay(Image, message);
                break;
        }
    }
}
