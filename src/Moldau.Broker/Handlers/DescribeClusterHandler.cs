using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeCluster (key 60, v0-2): the cluster's id and its nodes, brokers or (v1, on a controller's listener) controllers.</summary>
/// <remarks>v2 shows fenced brokers on request (KIP-1073). Errors: UNSUPPORTED_ENDPOINT_TYPE, MISMATCHED_ENDPOINT_TYPE.</remarks>
internal sealed class DescribeClusterHandler(MetadataCache metadata, string clusterId)
    : ApiHandler<DescribeClusterRequest, DescribeClusterResponse>(ApiKey.DescribeCluster, 0, 2, Listeners.Both)
{
    private const sbyte Brokers = 1, Controllers = 2;

    protected internal override ValueTask HandleAsync(RequestContext<DescribeClusterRequest, DescribeClusterResponse> context)
    {
        DescribeClusterRequest request = context.Request;
        DescribeClusterResponse response = context.Response;
        ListenerEndpoint listener = context.Connection.Listener;
        Listeners needed = request.EndpointType == Controllers ? Listeners.Controller : Listeners.Broker;
        if (request.EndpointType is not (Brokers or Controllers))
        {
            response.ErrorCode = (short)ErrorCode.UnsupportedEndpointType;
            response.ErrorMessage = $"Unsupported endpoint type {request.EndpointType}";
        }
        else if ((listener.Kind & needed) == 0)
        {
            response.ErrorCode = (short)ErrorCode.MismatchedEndpointType;
            response.ErrorMessage = needed == Listeners.Controller
                ? "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER"
                : "The request was sent to an endpoint of type CONTROLLER, but we wanted an endpoint of type BROKER";
        }
        else
        {
            Describe(context, request, response, listener.Name);
        }

        return ValueTask.CompletedTask;
    }

    private void Describe(
        RequestContext<DescribeClusterRequest, DescribeClusterResponse> context, DescribeClusterRequest request, DescribeClusterResponse response, string listener)
    {
        MetadataImage image = metadata.Image;
        response.ClusterId = clusterId;
        response.EndpointType = request.EndpointType;
        if (request.IncludeClusterAuthorizedOperations) response.ClusterAuthorizedOperations = AuthorizedOperations.Cluster;
        if (request.EndpointType == Controllers) AddControllers(response, image, listener);
        else AddBrokers(response, image, listener, context.Version >= 2 && request.IncludeFencedBrokers);
    }

    private void AddControllers(DescribeClusterResponse response, MetadataImage image, string listener)
    {
        response.ControllerId = metadata.ControllerId;
        foreach (ControllerRegistration controller in image.Cluster.Controllers.Values)
        {
            foreach (Endpoint endpoint in controller.Listeners)
            {
                if (string.Equals(endpoint.Name, listener, StringComparison.OrdinalIgnoreCase)) Add(response, controller.Id, endpoint, null, false);
            }
        }
    }

    private static void AddBrokers(DescribeClusterResponse response, MetadataImage image, string listener, bool includeFenced)
    {
        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            if ((broker.Fenced && !includeFenced) || MetadataCache.EndpointOf(broker, listener) is not { } endpoint) continue;
            Add(response, broker.Id, endpoint, broker.Rack, broker.Fenced);
            if (response.ControllerId < 0 && !broker.Fenced) response.ControllerId = broker.Id;
        }
    }

    private static void Add(DescribeClusterResponse response, int id, Endpoint endpoint, string? rack, bool isFenced)
    {
        DescribeClusterResponse.DescribeClusterBroker node = response.Brokers.Add();
        node.BrokerId = id;
        node.Host = endpoint.Host;
        node.Port = endpoint.Port;
        node.Rack = rack;
        node.IsFenced = isFenced;
    }
}
