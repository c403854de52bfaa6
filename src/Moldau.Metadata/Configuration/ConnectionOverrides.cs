using System.Globalization;
using System.Net;

namespace Moldau.Metadata.Configuration;

/// <summary><c>max.connections.per.ip.overrides</c>: addresses with their own limit.</summary>
public static class ConnectionOverrides
{
    /// <summary>Reads <c>address:count,address:count</c>; an IPv6 address may stand in brackets. False when it is not that.</summary>
    public static bool TryParse(string text, out IReadOnlyDictionary<IPAddress, int> overrides)
    {
        var parsed = new Dictionary<IPAddress, int>();
        overrides = parsed;
        foreach (string pair in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int colon = pair.LastIndexOf(':');
            if (colon <= 0
                || !IPAddress.TryParse(pair[..colon].Trim('[', ']'), out IPAddress? address)
                || !int.TryParse(pair.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                return false;
            }

            parsed[address] = count;
        }

        return true;
    }
}
