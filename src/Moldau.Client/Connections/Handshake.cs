using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Connections;

/// <summary>What a connection begins with: asking what the broker speaks (KIP-35, KIP-511).</summary>
internal static class Handshake
{
    /// <summary>The version asked first. Version 5 adds checks of cluster and node id, which a client that bootstraps does not know.</summary>
    private const short FirstVersion = 4;

    public static async Task<ApiVersionSet> RunAsync(KafkaConnection connection, TimeSpan timeout, CancellationToken cancellation)
    {
        ApiVersionsResponse response = await AskAsync(connection, FirstVersion, timeout, cancellation);
        if (response.ErrorCode == (short)ErrorCode.UnsupportedVersion)
        {
            // An old broker names the version it has, or nothing, which means version 0.
            short best = 0;
            foreach (ApiVersionsResponse.ApiVersion api in response.ApiKeys)
            {
                if (api.ApiKey == (short)ApiKey.ApiVersions) best = Math.Min(api.MaxVersion, FirstVersion);
            }

            response = await AskAsync(connection, best, timeout, cancellation);
        }

        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, "the broker does not say what it speaks");
        return new ApiVersionSet(response);
    }

    private static Task<ApiVersionsResponse> AskAsync(KafkaConnection connection, short version, TimeSpan timeout, CancellationToken cancellation) =>
        connection.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "moldau", ClientSoftwareVersion = "0.1.0" }, timeout, version, cancellation);
}
