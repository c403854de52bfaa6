namespace Moldau.Load.Compare.Wire;

/// <summary>The load could not be carried out: a connection ended, a request was refused, or time ran out. The run is void.</summary>
internal class ReplayException(string message) : Exception(message);

/// <summary>The broker lost, doubled or changed acknowledged records: the run is void, and this is worth more than its figures.</summary>
internal sealed class LostRecordsException(string message) : ReplayException(message);
