using Microsoft.Extensions.Logging;
using Moldau.Broker.Handlers;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Network;

/// <summary>What every connection of a node shares.</summary>
internal sealed record ServerParts(
    NetworkOptions Options,
    HandlerTable Handlers,
    IScheduler Scheduler,
    BufferPool Buffers,
    ResponseWriters Writers,
    ILogger Logger,
    Action<Exception> Fatal);
