using System.Text.RegularExpressions;
using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>ApiVersions (key 18, v0-5): the APIs and versions of this listener, and the cluster's features.</summary>
/// <remarks>
/// v3 client software names (KIP-511), features (KIP-584); v5 the cluster and node the client thinks it talks to (KIP-1242). A version that does not exist is answered with
/// UNSUPPORTED_VERSION in the layout of v0, naming this API alone. Errors: INVALID_REQUEST, UNSUPPORTED_VERSION, REBOOTSTRAP_REQUIRED.
/// </remarks>
internal sealed partial class ApiVersionsHandler(Func<HandlerTable> handlers, MetadataCache metadata, string clusterId, int nodeId, Func<short> kraftVersion)
    : ApiHandler<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, 0, 5, Listeners.Both)
{
    // Before version 4 a client takes a feature with minimum 0 for malformed.
    private const short FirstVersionWithZeroMinimum = 4;

    protected internal override ValueTask HandleAsync(RequestContext<ApiVersionsRequest, ApiVersionsResponse> context)
    {
        if (context.IsUnknownApiVersion) Refuse(context.Response);
        else Answer(context);
        return ValueTask.CompletedTask;
    }

    private void Refuse(ApiVersionsResponse response)
    {
        response.ErrorCode = (short)ErrorCode.UnsupportedVersion;
        Add(response, this);
    }

    private void Answer(RequestContext<ApiVersionsRequest, ApiVersionsResponse> context)
    {
        ErrorCode error = Check(context);
        context.Response.ErrorCode = (short)error;
        if (error != ErrorCode.None) return;
        if (context.Version >= 3)
        {
            context.Connection.SoftwareName = context.Request.ClientSoftwareName;
            context.Connection.SoftwareVersion = context.Request.ClientSoftwareVersion;
        }

        foreach (ApiHandler handler in handlers().All)
        {
            if (handler.IsServedOn(context.Connection.Listener.Kind)) Add(context.Response, handler);
        }

        if (context.Version >= 3) AddFeatures(context.Response, context.Version);
    }

    private ErrorCode Check(RequestContext<ApiVersionsRequest, ApiVersionsResponse> context)
    {
        ApiVersionsRequest request = context.Request;
        if (context.Version < 3) return ErrorCode.None;
        if (!SoftwareName().IsMatch(request.ClientSoftwareName) || !SoftwareName().IsMatch(request.ClientSoftwareVersion)) return ErrorCode.InvalidRequest;
        if (request.ClusterId is null && request.NodeId == -1) return ErrorCode.None;
        if (request.ClusterId is null || request.NodeId == -1) return ErrorCode.InvalidRequest;
        bool isRight = request.ClusterId == clusterId && request.NodeId == nodeId;
        return isRight || context.Connection.Listener.Kind == Listeners.Controller ? ErrorCode.None : ErrorCode.RebootstrapRequired;
    }

    private static void Add(ApiVersionsResponse response, ApiHandler handler)
    {
        ApiVersionsResponse.ApiVersion api = response.ApiKeys.Add();
        api.ApiKey = (short)handler.Key;
        api.MinVersion = handler.AdvertisedMinVersion;
        api.MaxVersion = handler.MaxVersion;
    }

    private void AddFeatures(ApiVersionsResponse response, short version)
    {
        foreach ((string name, LevelRange range) in FeatureCatalog.Supported)
        {
            if (range.Min < 1 && version < FirstVersionWithZeroMinimum) continue;
            ApiVersionsResponse.SupportedFeatureKey supported = response.SupportedFeatures.Add();
            supported.Name = name;
            supported.MinVersion = range.Min;
            supported.MaxVersion = range.Max;
        }

        MetadataImage image = metadata.Image;
        response.FinalizedFeaturesEpoch = image.Provenance.LastContainedOffset;
        if (image.Features.MetadataVersion is { } metadataVersion) AddFinalized(response, MetadataVersion.FeatureName, metadataVersion.Level);
        if (kraftVersion() is > 0 and var level) AddFinalized(response, FeatureCatalog.KRaftVersion, level);
        foreach ((string name, short finalized) in image.Features.Finalized) AddFinalized(response, name, finalized);
    }

    private static void AddFinalized(ApiVersionsResponse response, string name, short level)
    {
        ApiVersionsResponse.FinalizedFeatureKey finalized = response.FinalizedFeatures.Add();
        finalized.Name = name;
        finalized.MaxVersionLevel = finalized.MinVersionLevel = level;
    }

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex SoftwareName();
}
