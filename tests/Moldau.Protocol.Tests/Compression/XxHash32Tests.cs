using System.Text;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Tests.Compression;

public sealed class XxHash32Tests
{
    [Theory]
    [InlineData("", 0x02cc5d05u)]
    [InlineData("a", 0x550d7456u)]
    [InlineData("abc", 0x32d153ffu)]
    [InlineData("Nobody inspects the spammish repetition", 0xe2293b2fu)]
    public void Published_values_are_right(string text, uint expected) => Assert.Equal(expected, XxHash32.Compute(Encoding.ASCII.GetBytes(text)));
}
