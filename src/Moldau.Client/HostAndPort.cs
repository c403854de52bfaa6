using System.Globalization;

namespace Moldau.Client;

/// <summary>An address as <c>host:port</c>; an IPv6 host stands in brackets.</summary>
internal readonly record struct HostAndPort(string Host, int Port)
{
    public static HostAndPort Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
        {
            throw new FormatException($"'{text}' is not host:port");
        }

        return new HostAndPort(text[..colon].Trim('[', ']'), port);
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
