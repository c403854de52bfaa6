namespace Moldau.Protocol.Tests.Wire;

public sealed class WireReaderTests
{
    private delegate void Read(ref WireReader reader);

    [Fact]
    public void Every_primitive_refuses_to_read_beyond_the_end()
    {
        Read[] reads =
        [
            (ref WireReader reader) => reader.ReadInt8(),
            (ref WireReader reader) => reader.ReadBool(),
            (ref WireReader reader) => reader.ReadInt16(),
            (ref WireReader reader) => reader.ReadUInt16(),
            (ref WireReader reader) => reader.ReadInt32(),
            (ref WireReader reader) => reader.ReadUInt32(),
            (ref WireReader reader) => reader.ReadInt64(),
            (ref WireReader reader) => reader.ReadFloat64(),
            (ref WireReader reader) => reader.ReadUuid(),
            (ref WireReader reader) => reader.ReadUnsignedVarint(),
            (ref WireReader reader) => reader.ReadVarint(),
            (ref WireReader reader) => reader.ReadVarlong(),
            (ref WireReader reader) => reader.ReadString(true),
            (ref WireReader reader) => reader.ReadString(false),
            (ref WireReader reader) => reader.ReadBytes(true),
            (ref WireReader reader) => reader.ReadBytes(false),
            (ref WireReader reader) => reader.ReadRecords(true),
            (ref WireReader reader) => reader.ReadRaw(1),
        ];
        foreach (Read read in reads) Assert.Equal(0, Refused("", read).Position);
    }

    [Theory]
    [InlineData("fffffffe")]
    [InlineData("7fffffff")]
    [InlineData("00000003")]
    public void A_length_that_the_bytes_do_not_hold_is_refused(string length) => Refused(length + "0000", (ref WireReader reader) => reader.ReadNullableBytes(false));

    [Fact]
    public void A_null_where_none_may_be_is_refused()
    {
        Refused("00", (ref WireReader reader) => reader.ReadString(true));
        Refused("ffff", (ref WireReader reader) => reader.ReadName(false));
        Refused("ffffffff", (ref WireReader reader) => reader.ReadBytes(false));
    }

    [Fact]
    public void A_negative_length_other_than_null_is_refused() => Refused("fffe", (ref WireReader reader) => reader.ReadNullableString(false));

    [Fact]
    public void Text_that_is_not_UTF8_is_refused() => Refused("03c328", (ref WireReader reader) => reader.ReadString(true));

    [Fact]
    public void A_compact_string_over_32767_bytes_is_refused()
    {
        byte[] bytes = [0x81, 0x80, 0x02, .. new byte[32768]];
        Refused(Convert.ToHexString(bytes), (ref WireReader reader) => reader.ReadString(true));
    }

    [Theory]
    [InlineData("ffffffff1f")]
    [InlineData("8080808080")]
    public void A_varint_of_more_than_32_bits_is_refused(string hex) => Refused(hex, (ref WireReader reader) => reader.ReadUnsignedVarint());

    [Theory]
    [InlineData("ffffffffffffffffff03")]
    [InlineData("80808080808080808080")]
    public void A_varlong_of_more_than_64_bits_is_refused(string hex) => Refused(hex, (ref WireReader reader) => reader.ReadVarlong());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(63)]
    [InlineData(-65)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_varint_comes_back_as_it_was_written(int value)
    {
        using var writer = new WireWriter();
        writer.WriteVarint(value);
        writer.WriteVarlong(value * 4_000_000_000L);
        var reader = new WireReader(writer.ToArray());
        Assert.Equal(value, reader.ReadVarint());
        Assert.Equal(value * 4_000_000_000L, reader.ReadVarlong());
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void A_name_read_again_is_the_same_string()
    {
        var strings = new StringCache();
        byte[] bytes = Convert.FromHexString("08746f7069632d31" + "08746f7069632d31" + "05746f706a");
        var reader = new WireReader(bytes, strings);
        string first = reader.ReadName(true);
        Assert.Equal("topic-1", first);
        Assert.Same(first, reader.ReadName(true));
        Assert.Equal("topj", reader.ReadName(true));
    }

    [Fact]
    public void A_name_that_is_not_ASCII_is_read_and_not_confused()
    {
        var strings = new StringCache();
        for (int i = 0; i < 2; i++)
        {
            var reader = new WireReader("\u0008grüße\u0003ü"u8.ToArray(), strings);
            Assert.Equal("grüße", reader.ReadName(true));
            Assert.Equal("ü", reader.ReadName(true));
        }
    }

    [Fact]
    public void Any_number_of_names_takes_the_cache_no_further_than_its_slots()
    {
        var strings = new StringCache();
        for (int i = 0; i < 20 * Limits.StringCacheSlots; i++)
        {
            byte[] name = System.Text.Encoding.ASCII.GetBytes($"member-{i}");
            byte[] bytes = [(byte)(name.Length + 1), .. name];
            var reader = new WireReader(bytes, strings);
            Assert.Equal($"member-{i}", reader.ReadName(true));
        }
    }

    private static WireFormatException Refused(string hex, Read read)
    {
        byte[] bytes = Convert.FromHexString(hex);
        return Assert.Throws<WireFormatException>(() =>
        {
            var reader = new WireReader(bytes);
            read(ref reader);
        });
    }
}
