using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Wire;

public sealed class WireWriterTests
{
    [Fact]
    public void A_string_over_32767_bytes_is_refused_by_its_field()
    {
        using var writer = new WireWriter();
        var request = new MetadataRequest { Topics = [new() { Name = new string('ü', 16384) }] };
        Assert.Contains("MetadataRequest.MetadataRequestTopic.Name", Assert.Throws<MessageVersionException>(() => request.Write(writer, 9)).Message);
    }

    [Fact]
    public void Null_where_the_version_allows_none_is_refused_by_its_field()
    {
        using var writer = new WireWriter();
        Assert.Contains("MetadataRequest.Topics", Assert.Throws<MessageVersionException>(() => new MetadataRequest { Topics = null }.Write(writer, 0)).Message);
        Assert.Contains("FindCoordinatorRequest.Key", Assert.Throws<MessageVersionException>(() => new FindCoordinatorRequest { Key = null! }.Write(writer, 1)).Message);
    }

    [Fact]
    public void Records_are_segments_of_their_own_and_not_copied()
    {
        byte[] batch = new byte[100];
        using var writer = new WireWriter();
        writer.WriteInt16(1);
        writer.WriteRecords(new Records(batch.AsMemory(10, 50)), true);
        writer.WriteRecords(Records.Empty, true);
        writer.WriteRecords(Records.Null, false);
        Assert.Equal(3, writer.Segments.Count);
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(writer.Segments[1].Memory, out ArraySegment<byte> segment));
        Assert.Same(batch, segment.Array);
        Assert.Equal(2 + 1 + 50 + 1 + 4, writer.Length);
        Assert.Equal(writer.Length, writer.Segments.Sum(each => (long)each.Length));
    }

    [Fact]
    public void A_file_region_stays_a_region_until_someone_asks_for_its_bytes()
    {
        using var writer = new WireWriter();
        var region = new FileRegion(new Digits(), 3, 4);
        writer.WriteRecords(new Records(region), false);
        Assert.Equal(region, writer.Segments[1].Region);
        Assert.Equal("0000000433343536", Convert.ToHexStringLower(writer.ToArray()));
    }

    [Fact]
    public void Frames_follow_each_other_with_the_size_of_each()
    {
        using var writer = new WireWriter();
        for (int size = 1; size <= 3; size++)
        {
            WireWriter.FrameMark frame = writer.BeginFrame();
            writer.WriteRecords(new Records(new byte[size]), true);
            writer.EndFrame(frame);
        }

        Assert.Equal("0000000202" + "00" + "0000000303" + "0000" + "0000000404" + "000000", Convert.ToHexStringLower(writer.ToArray()));
    }

    [Fact]
    public void A_writer_grows_keeps_what_it_has_and_is_used_again()
    {
        using var writer = new WireWriter();
        for (int round = 0; round < 2; round++)
        {
            byte[] bytes = new byte[3 * Limits.RetainedWriterBytes];
            new Random(round).NextBytes(bytes);
            foreach (byte[] piece in bytes.Chunk(5000)) writer.WriteRaw(piece);
            Assert.Equal(bytes, writer.ToArray());
            writer.Reset();
            Assert.Equal(0, writer.Length);
            Assert.Empty(writer.Segments);
        }
    }

    private sealed class Digits : IRegionFile
    {
        public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => null;

        public int Read(long position, Span<byte> target)
        {
            target[0] = (byte)('0' + position);
            return 1;
        }

        public void Release()
        {
        }
    }
}
