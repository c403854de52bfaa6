namespace Moldau.Coordinators.Groups;

/// <summary>Who sent a request.</summary>
/// <param name="ClientId">The request header's client id, empty if null.</param>
/// <param name="ClientHost">The client's address as Kafka writes it into group records: a slash and the address.</param>
/// <param name="ApiVersion">Version of the request.</param>
public readonly record struct RequestOrigin(string ClientId, string ClientHost, short ApiVersion);
