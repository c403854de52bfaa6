using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Registration of brokers and controllers.</summary>
internal sealed class ClusterControl(ControllerOptions options, ControllerState state, BrokerHeartbeats heartbeats, PartitionControl partitions)
{
    /// <summary>BrokerRegistration (key 62): a broker starts. It gets an epoch, and stays fenced until it has caught up with its own registration.</summary>
    /// <remarks>
    /// Errors: INCONSISTENT_CLUSTER_ID, DUPLICATE_BROKER_REGISTRATION while another incarnation's session lasts, BROKER_ID_NOT_REGISTERED for brokers of a
    /// migration, INVALID_REGISTRATION (KIP-858), UNSUPPORTED_VERSION when it cannot run at a finalized feature level.
    /// </remarks>
    internal ControllerResult<BrokerRegistrationResponse> Register(ControllerContext context, BrokerRegistrationRequest request, long newEpoch)
    {
        if (request.ClusterId != options.ClusterId) return Refuse(ErrorCode.InconsistentClusterId);
        BrokerRegistration? existing = state.Cluster.Broker(request.BrokerId);
        bool sameIncarnation = existing is not null && existing.IncarnationId == request.IncarnationId;
        if (existing is not null && !sameIncarnation && heartbeats.HasValidSession(existing, context.NowMs) && !IsOwnForerunner(existing))
        {
            return Refuse(ErrorCode.DuplicateBrokerRegistration);
        }

        if (request.IsMigratingZkBroker) return Refuse(ErrorCode.BrokerIdNotRegistered);
        if (state.MetadataVersion.SupportsDirectories && !AreDirectoriesValid(request)) return Refuse(ErrorCode.InvalidRegistration);
        if (CheckFeatures(request) is not ErrorCode.None and var error) return Refuse(error);

        var records = new List<MetadataRecord>();
        BrokerRegistration registration = new()
        {
            Id = request.BrokerId,
            Epoch = sameIncarnation ? existing!.Epoch : newEpoch,
            IncarnationId = request.IncarnationId,
            Listeners = [.. request.Listeners.Select(l => new Endpoint(l.Name, l.Host, l.Port, l.SecurityProtocol)).DistinctBy(l => l.Name)],
            SupportedFeatures = ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                request.Features.DistinctBy(f => f.Name).Select(f => KeyValuePair.Create(f.Name, new LevelRange(f.MinSupportedVersion, f.MaxSupportedVersion)))),
            Rack = request.Rack,
            Fenced = !sameIncarnation || existing!.Fenced,
            InControlledShutdown = sameIncarnation && existing!.InControlledShutdown,
            Directories = state.MetadataVersion.SupportsDirectories ? [.. request.LogDirs] : [],
        };
        if (!sameIncarnation)
        {
            // The broker that comes back with the epoch it left with has kept all it wrote (KIP-966); any other may have lost the end of its logs.
            bool clean = context.ApiVersion >= 3 && existing is not null && existing.Epoch == request.PreviousBrokerEpoch;
            partitions.AddShutdown(request.BrokerId, clean, records);
        }

        records.Add(registration.ToRecord(state.MetadataVersion));
        return new ControllerResult<BrokerRegistrationResponse>(records, new BrokerRegistrationResponse { BrokerEpoch = registration.Epoch }, true);
    }

    /// <summary>UnregisterBroker (key 64): an operator says a broker will not come back.</summary>
    /// <remarks>Errors: BROKER_ID_NOT_REGISTERED.</remarks>
    internal ControllerResult<UnregisterBrokerResponse> Unregister(UnregisterBrokerRequest request)
    {
        if (state.Cluster.Broker(request.BrokerId) is not { } broker)
        {
            return ControllerResult<UnregisterBrokerResponse>.Of(new UnregisterBrokerResponse
            {
                ErrorCode = (short)ErrorCode.BrokerIdNotRegistered,
                ErrorMessage = $"Broker ID {request.BrokerId} is not currently registered",
            });
        }

        var records = new List<MetadataRecord>();
        partitions.AddUnregistered(broker, records);
        return new ControllerResult<UnregisterBrokerResponse>(records, new UnregisterBrokerResponse { ErrorMessage = null }, false);
    }

    /// <summary>ControllerRegistration (key 70, KIP-919): a controller tells its endpoints and features.</summary>
    /// <remarks>Errors: UNSUPPORTED_VERSION below metadata.version 3.7-IV0.</remarks>
    internal ControllerResult<ControllerRegistrationResponse> RegisterController(ControllerRegistrationRequest request)
    {
        if (!state.MetadataVersion.SupportsControllerRegistration)
        {
            return ControllerResult<ControllerRegistrationResponse>.Of(new ControllerRegistrationResponse
            {
                ErrorCode = (short)ErrorCode.UnsupportedVersion,
                ErrorMessage = "The current MetadataVersion is too old to support controller registrations.",
            });
        }

        var registration = new ControllerRegistration
        {
            Id = request.ControllerId,
            IncarnationId = request.IncarnationId,
            Listeners = [.. request.Listeners.Select(l => new Endpoint(l.Name, l.Host, l.Port, l.SecurityProtocol)).DistinctBy(l => l.Name)],
            SupportedFeatures = ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                request.Features.DistinctBy(f => f.Name).Select(f => KeyValuePair.Create(f.Name, new LevelRange(f.MinSupportedVersion, f.MaxSupportedVersion)))),
        };
        return new ControllerResult<ControllerRegistrationResponse>([registration.ToRecord()], new ControllerRegistrationResponse { ErrorMessage = null }, true);
    }

    /// <summary>UnregisterController (key 94): an operator says a controller will not come back.</summary>
    /// <remarks>Errors: UNSUPPORTED_VERSION below metadata.version 4.4-IV2, CONTROLLER_ID_NOT_REGISTERED.</remarks>
    internal ControllerResult<UnregisterControllerResponse> UnregisterController(UnregisterControllerRequest request)
    {
        ApiError error = !state.MetadataVersion.SupportsControllerUnregistration
            ? new ApiError(ErrorCode.UnsupportedVersion, "The current MetadataVersion is too old to support controller unregistration.")
            : !state.Cluster.Controllers.ContainsKey(request.ControllerId)
                ? new ApiError(ErrorCode.ControllerIdNotRegistered, $"Controller ID {request.ControllerId} is not currently registered.")
                : ApiError.None;
        var response = new UnregisterControllerResponse { ErrorCode = (short)error.Code, ErrorMessage = error.Message };
        return error.IsFailure
            ? ControllerResult<UnregisterControllerResponse>.Of(response)
            : new ControllerResult<UnregisterControllerResponse>([new MetadataRecord(new UnregisterControllerRecord { ControllerId = request.ControllerId }, 0)], response, true);
    }

    /// <summary>STALE_BROKER_EPOCH unless a broker is registered with the epoch.</summary>
    internal ErrorCode CheckEpoch(int broker, long epoch) =>
        state.Cluster.Broker(broker) is { } registration && registration.Epoch == epoch ? ErrorCode.None : ErrorCode.StaleBrokerEpoch;

    /// <summary>
    /// Whether the registration is of this node's own broker before its last start. The data directory is locked by this process, so that incarnation
    /// cannot be alive: a node of one need not wait for its session to end. One heartbeat to this controller proves the opposite.
    /// </summary>
    private bool IsOwnForerunner(BrokerRegistration existing) => options.HasLocalBroker && existing.Id == options.NodeId && !heartbeats.WasHeard(existing);

    private bool AreDirectoriesValid(BrokerRegistrationRequest request)
    {
        if (request.LogDirs.Count == 0) return false;
        var seen = new HashSet<Uuid>();
        foreach (Uuid directory in request.LogDirs)
        {
            // The first hundred ids are reserved.
            if (directory is { MostSignificant: 0, LeastSignificant: < 100 } || !seen.Add(directory)) return false;
        }

        return !state.Cluster.Brokers.Values.Any(broker => broker.Id != request.BrokerId && broker.Directories.Any(seen.Contains));
    }

    private ErrorCode CheckFeatures(BrokerRegistrationRequest request)
    {
        var supported = new Dictionary<string, LevelRange>();
        foreach (BrokerRegistrationRequest.Feature feature in request.Features)
        {
            // Kafka refuses a range that is none while decoding it, with the same effect: the broker cannot register.
            if (feature.MinSupportedVersion < 0 || feature.MaxSupportedVersion < feature.MinSupportedVersion) return ErrorCode.InvalidRequest;
            supported[feature.Name] = new LevelRange(feature.MinSupportedVersion, feature.MaxSupportedVersion);
        }

        if (!supported.ContainsKey(MetadataVersion.FeatureName)) return ErrorCode.InvalidRegistration;
        foreach ((string name, LevelRange range) in supported)
        {
            short level = name == MetadataVersion.FeatureName ? state.MetadataVersion.Level : state.Image.Features.Level(name);
            if (!range.Contains(level)) return ErrorCode.UnsupportedVersion;
        }

        return state.Image.Features.Finalized.Keys.All(supported.ContainsKey) ? ErrorCode.None : ErrorCode.UnsupportedVersion;
    }

    private static ControllerResult<BrokerRegistrationResponse> Refuse(ErrorCode error) =>
        ControllerResult<BrokerRegistrationResponse>.Of(new BrokerRegistrationResponse { ErrorCode = (short)error });
}
