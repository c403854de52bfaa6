using Moldau.Protocol.Messages;

namespace Moldau.Broker.Controllers;

/// <summary>
/// A broker's way to the active controller. In process where this node is the controller; over the network otherwise. Null: the controller cannot be reached now; try again.
/// </summary>
internal interface IControllerChannel
{
    /// <summary>Registers this broker (KIP-631).</summary>
    Task<BrokerRegistrationResponse?> RegisterAsync(BrokerRegistrationRequest request);

    /// <summary>Registers this controller (KIP-919).</summary>
    Task<ControllerRegistrationResponse?> RegisterControllerAsync(ControllerRegistrationRequest request);

    /// <summary>Says that this broker lives, how far it has read the metadata log, and what it wants.</summary>
    Task<BrokerHeartbeatResponse?> HeartbeatAsync(BrokerHeartbeatRequest request);

    /// <summary>Takes a block of producer ids (KIP-730).</summary>
    Task<AllocateProducerIdsResponse?> AllocateProducerIdsAsync(AllocateProducerIdsRequest request);

    /// <summary>Says in which log directories replicas of this broker lie (KIP-858).</summary>
    Task<AssignReplicasToDirsResponse?> AssignReplicasToDirsAsync(AssignReplicasToDirsRequest request);

    /// <summary>Creates topics.</summary>
    Task<CreateTopicsResponse?> CreateTopicsAsync(CreateTopicsRequest request);
}
