using System.Net;
using Moldau.Broker.Network;
using Moldau.Coordinators.Groups;

namespace Moldau.Broker.Groups;

/// <summary>Who sent a request, as group records name it.</summary>
internal static class RequestOrigins
{
    public static RequestOrigin Of(RequestContext context)
    {
        IPAddress? address = context.Connection.RemoteAddress;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();

        // Java prints an address without a name behind a slash, and tools show what the record says.
        return new RequestOrigin(context.ClientId ?? "", $"/{address?.ToString() ?? context.Connection.Remote.ToString()}", context.Version);
    }
}
