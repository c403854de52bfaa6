using System.Text.Json.Nodes;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands;

/// <summary>What came of several things that were to be done: one line each, and a failure's exit code if any was not.</summary>
internal sealed class Outcomes(bool json, string done)
{
    private readonly Listing listing = new(new("Name", "name"), new("Error", "error"), new("Message", "message"));
    private bool hasFailed;

    public void Add(string name, ErrorCode error, string? message)
    {
        hasFailed |= error != ErrorCode.None;
        listing.Add(name, error == ErrorCode.None ? null : error.KafkaName(), message);
        if (json) return;
        if (error == ErrorCode.None) Console.Out.WriteLine($"{done} {name}");
        else Terminal.Error($"{name}: {error.KafkaName()}{(message is null ? "" : $" ({message})")}");
    }

    /// <summary>Adds a thing that was found as it should be.</summary>
    public void AddUnchanged(string name, string why)
    {
        listing.Add(name, null, (JsonNode)why);
        if (!json) Console.Out.WriteLine($"{name}: {why}");
    }

    public int End()
    {
        if (json) listing.Write(json: true);
        return hasFailed ? ExitCode.Failure : ExitCode.Success;
    }
}
