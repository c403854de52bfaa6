using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage;

namespace Moldau.Broker.Lifecycle;

/// <summary>How a node makes itself known to the active controller: where it listens and what it can do.</summary>
/// <param name="options">The node's configuration.</param>
/// <param name="listeners">Its listeners as they are bound.</param>
/// <param name="clusterId">The cluster it takes itself to be in.</param>
/// <param name="incarnation">Drawn at each start.</param>
internal sealed class OwnRegistrations(NodeOptions options, IReadOnlyList<ListenerOptions> listeners, string clusterId, Uuid incarnation)
{
    /// <summary>As a broker, with the log directories that work.</summary>
    public BrokerRegistrationRequest AsBroker(LogStore store)
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = options.NodeId,
            ClusterId = clusterId,
            IncarnationId = incarnation,
            Rack = options.Rack,
            PreviousBrokerEpoch = store.PreviousBrokerEpoch,
        };
        foreach (ListenerOptions listener in listeners.Where(listener => listener.ServesBroker))
        {
            BrokerRegistrationRequest.Listener entry = request.Listeners.Add();
            entry.Name = listener.Name;
            entry.Host = listener.AdvertisedHost;
            entry.Port = (ushort)listener.AdvertisedPort;
            entry.SecurityProtocol = SecurityProtocols.IdOf(listener.SecurityProtocol);
        }

        foreach ((string name, LevelRange range) in FeatureCatalog.Supported)
        {
            BrokerRegistrationRequest.Feature feature = request.Features.Add();
            feature.Name = name;
            feature.MinSupportedVersion = range.Min;
            feature.MaxSupportedVersion = range.Max;
        }

        // What fails between here and the first heartbeat goes with that.
        foreach (LogDirectory directory in store.Directories)
        {
            if (directory.Id != Uuid.Zero && !directory.IsOffline) request.LogDirs.Add(directory.Id);
        }

        return request;
    }

    /// <summary>As a controller (KIP-919).</summary>
    public ControllerRegistrationRequest AsController()
    {
        var request = new ControllerRegistrationRequest { ControllerId = options.NodeId, IncarnationId = incarnation };
        foreach (ListenerOptions listener in listeners.Where(listener => listener.ServesController))
        {
            ControllerRegistrationRequest.Listener entry = request.Listeners.Add();
            entry.Name = listener.Name;
            entry.Host = listener.AdvertisedHost;
            entry.Port = (ushort)listener.AdvertisedPort;
            entry.SecurityProtocol = SecurityProtocols.IdOf(listener.SecurityProtocol);
        }

        foreach ((string name, LevelRange range) in FeatureCatalog.Supported)
        {
            ControllerRegistrationRequest.Feature feature = request.Features.Add();
            feature.Name = name;
            feature.MinSupportedVersion = range.Min;
            feature.MaxSupportedVersion = range.Max;
        }

        return request;
    }
}
