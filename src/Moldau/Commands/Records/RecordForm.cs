using Moldau.Client.Producing;
using Moldau.Protocol.Batches;

namespace Moldau.Commands.Records;

/// <summary>How a line becomes a record.</summary>
internal sealed class RecordForm
{
    public required string Topic { get; init; }

    public required int? Partition { get; init; }

    /// <summary>What stands between key and value; null: the line is the value.</summary>
    public required byte[]? KeySeparator { get; init; }

    public required RecordHeader[] Headers { get; init; }

    /// <exception cref="IOException">The line has no key.</exception>
    public ProducerRecord ToRecord(ReadOnlyMemory<byte> line, long number)
    {
        NullableBytes key = default;
        if (KeySeparator is { } separator)
        {
            int at = line.Span.IndexOf(separator);
            if (at < 0) throw new IOException($"line {number} has no key: there is no separator in it");
            key = new NullableBytes(line[..at]);
            line = line[(at + separator.Length)..];
        }

        return new ProducerRecord(Topic, key, new NullableBytes(line)) { Partition = Partition, Headers = Headers };
    }
}
