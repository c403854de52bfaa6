namespace Moldau.Storage;

/// <summary>When appended records become durable: <c>moldau.durability</c>.</summary>
public enum FlushPolicy
{
    /// <summary>Every append asks for a flush; those that wait are flushed together (group commit).</summary>
    Fsync,

    /// <summary>As Kafka by default: the operating system writes back when it likes, segments are flushed once they are rolled.</summary>
    PageCache,
}
