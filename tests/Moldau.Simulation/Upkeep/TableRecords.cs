using System.Buffers.Binary;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol.Batches;

namespace Moldau.Simulation.Upkeep;

/// <summary>Writes of a table as records: number and writer are in headers, which tombstones have too.</summary>
internal static class TableRecords
{
    private const string NumberHeader = "n";
    private const string WriterHeader = "w";

    public static ProducerRecord Encode(string topic, int partition, TableWrite write, int valueBytes) => new(topic, write.IsTombstone ? default : new byte[valueBytes])
    {
        Partition = partition,
        Key = Encoding.UTF8.GetBytes(write.Key),
        Headers = Headers(write),
    };

    /// <summary>A batch as it is sent.</summary>
    public static byte[] Batch(IEnumerable<TableWrite> writes, int valueBytes, long timestampMs, RecordBatchOptions options)
    {
        using RecordBatchBuilder builder = new(options);
        foreach (TableWrite write in writes) builder.Append(timestampMs, Encoding.UTF8.GetBytes(write.Key), write.IsTombstone ? null : new byte[valueBytes], Headers(write));
        return builder.BuildArray();
    }

    public static TableWrite Decode(ConsumedRecord record)
    {
        RecordHeader[] headers = record.Headers.ToArray();
        if (headers is not [{ KeyText: NumberHeader } number, { KeyText: WriterHeader } writer])
        {
            throw new BrokenPromiseException($"{record.Partition} at offset {record.Offset}: a record without the headers that every writer gives it");
        }

        return new TableWrite(
            Encoding.UTF8.GetString(writer.Value.Span), Encoding.UTF8.GetString(record.Key.Span), BinaryPrimitives.ReadInt32BigEndian(number.Value.Span), !record.Value.HasValue);
    }

    private static RecordHeader[] Headers(TableWrite write)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, write.Number);
        return [new(NumberHeader, number), new(WriterHeader, Encoding.UTF8.GetBytes(write.Writer))];
    }
}
