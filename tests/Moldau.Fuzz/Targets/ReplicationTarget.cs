using Moldau.Fuzz.Inputs;
using Moldau.Protocol.Batches;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>What a follower makes of a leader's records: whole sound batches at the front, or a <see cref="RecordFormatException"/>.</summary>
internal sealed class ReplicationTarget : ByteTarget
{
    public override string Name => "replication";

    public override int ExecutionsInCi => 20_000;

    public override void Run(byte[] input) => IsTaken(input);

    public override bool IsTaken(byte[] input)
    {
        try
        {
            ReplicatedRecords found = ReplicatedRecords.Scan(input);
            if (found.ValidBytes > input.Length || (found.BatchCount > 0 && found.LastOffset < found.FirstOffset)) throw new FuzzFindingException(found.ToString());
            return found.ValidBytes == input.Length;
        }
        catch (RecordFormatException)
        {
            return false;
        }
    }

    protected override IReadOnlyList<byte[]> MakeGood() => [.. SampleBatches.All().Where(IsTaken)];

    protected override void Mend(byte[] input, SeededRandom random) => SampleBatches.Mend(input, random);
}
