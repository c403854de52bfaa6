using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>What a leader checks before it appends: a failure, or a batch that every reader can read once it has its offset.</summary>
internal sealed class ProduceTarget : ByteTarget
{
    private const int UnfoldedBytesMax = 256 * 1024;
    private const short ProduceVersion = 13;

    public override string Name => "produce";

    public override int ExecutionsInCi => 20_000;

    public override void Run(byte[] input)
    {
        foreach (CompressionType? codec in new CompressionType?[] { null, CompressionType.Zstd }) Append([.. input], codec, AppendOrigin.Client);
        Append([.. input], null, AppendOrigin.Coordinator);
    }

    public override bool IsTaken(byte[] input) => Append([.. input], null, AppendOrigin.Client);

    protected override IReadOnlyList<byte[]> MakeGood() => [.. SampleBatches.All().Where(batch => Append([.. batch], null, AppendOrigin.Client))];

    protected override void Mend(byte[] input, SeededRandom random) => SampleBatches.Mend(input, random);

    private static bool Append(byte[] payload, CompressionType? codec, AppendOrigin origin)
    {
        var options = new ProduceValidationOptions { Compression = codec, DecompressedBytesMax = UnfoldedBytesMax };
        if (ProduceValidator.Validate(payload, options, ProduceVersion, origin, SampleBatches.TimeMs, out ValidatedBatch batch) is not null) return false;
        using (batch)
        {
            AssignedBatch assigned = ProduceValidator.AssignOffsets(batch, (Offset)1000, (LeaderEpoch)4, SampleBatches.TimeMs);
            ReplicatedRecords found = ReplicatedRecords.Scan(batch.Bytes.Span);
            if (found.BatchCount != 1 || found.FirstOffset != (Offset)1000 || found.LastOffset != assigned.LastOffset)
                throw new FuzzFindingException($"appended as {assigned}, read as {found}");
            int records = 0;
            foreach (Record record in RecordReader.Open(batch.Bytes, decompressedBytesMax: UnfoldedBytesMax))
            {
                if (record.Offset != 1000 + records++) throw new FuzzFindingException($"record {records - 1} has offset {record.Offset}");
            }

            if (records != assigned.LastOffset.Value - 999) throw new FuzzFindingException($"{records} records in a batch {assigned}");
        }

        return true;
    }
}
