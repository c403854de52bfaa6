using System.Buffers.Binary;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol.Batches;

namespace Moldau.Simulation.Upkeep;

/// <summary>Writes of a table as records: the number is in a header, which tombstones have too.</summary>
internal static class TableRecords
{
    private const string NumberHeader = "n";

    public static ProducerRecord Encode(string topic, int partition, TableWrite write, int valueBytes)
    {
        byte[] number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, write.Number);
        return new ProducerRecord(topic, write.IsTombstone ? default : new byte[valueBytes])
        {
            Partition = partition,
            Key = Encoding.UTF8.GetBytes(write.Key),
            Headers = new RecordHeader[] { new(NumberHeader, number) },
        };
    }

    public static TableWrite Decode(ConsumedRecord record)
    {
        foreach (RecordHeader header in record.Headers)
        {
            if (header.KeyText == NumberHeader) return new TableWrite(Encoding.UTF8.GetString(record.Key.Span), BinaryPrimitives.ReadInt32BigEndian(header.Value.Span), !record.Value.HasValue);
        }

        throw new BrokenPromiseException($"{record.Partition} at offset {record.Offset}: a record without the number that every writer gives it");
    }
}
