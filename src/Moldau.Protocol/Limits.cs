namespace Moldau.Protocol;

/// <summary>The bounds of everything in this project that could grow.</summary>
public static partial class Limits
{
    /// <summary>Bytes of a string on the wire: the int16 length's limit, which Kafka keeps for the compact form too.</summary>
    public const int StringBytes = short.MaxValue;

    /// <summary>Slots of a <see cref="StringCache"/>; a new string takes the place of the one in its slot.</summary>
    public const int StringCacheSlots = 1024;

    /// <summary>Longer strings are not cached: topic names end at 249 characters.</summary>
    public const int StringCacheBytes = 256;

    /// <summary>Array elements kept for recycling after an array is cleared; what a larger message needed is given to the collector.</summary>
    public const int RecycledElements = 4096;

    /// <summary>Bytes a writer starts with.</summary>
    public const int WriterBytes = 512;

    /// <summary>A writer whose buffer grew beyond this gives it back when it is reset.</summary>
    public const int RetainedWriterBytes = 1 << 20;

    /// <summary>Structs inside structs: the deepest schema has 5.</summary>
    public const int SchemaDepth = 16;

    /// <summary>Wrong golden cases that a report describes; more are counted only.</summary>
    public const int DescribedFaults = 20;
}
