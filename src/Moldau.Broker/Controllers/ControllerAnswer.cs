using Moldau.Protocol;

namespace Moldau.Broker.Controllers;

/// <summary>What came of an operation on the controller.</summary>
/// <param name="Error">NONE; NOT_CONTROLLER when this node does not lead the quorum, or lost the lead before the operation was committed.</param>
/// <param name="Response">The response; default unless the error is NONE.</param>
/// <param name="Offset">The metadata log's offset up to which the response is true: once a broker has published it, it sees the change.</param>
internal readonly record struct ControllerAnswer<T>(ErrorCode Error, T? Response, long Offset);
