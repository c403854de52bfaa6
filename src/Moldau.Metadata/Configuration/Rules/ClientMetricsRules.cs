using System.Text.RegularExpressions;
using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>What a client metrics subscription may be (KIP-714).</summary>
internal static class ClientMetricsRules
{
    private const int IntervalMinMs = 100, IntervalMaxMs = 3_600_000;

    private static readonly string[] Labels =
        ["client_id", "client_instance_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port"];

    /// <summary>INVALID_REQUEST for the name, an unknown key or an interval out of range; INVALID_CONFIG for another value.</summary>
    public static ApiError Check(string subscription, IReadOnlyDictionary<string, string> proposed)
    {
        if (subscription.Length == 0) return new ApiError(ErrorCode.InvalidRequest, "Subscription name can't be empty");
        if (proposed.Keys.FirstOrDefault(name => !ConfigCatalog.ClientMetrics.TryGet(name, out _)) is { } unknown)
        {
            return new ApiError(ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {unknown}");
        }

        ApiError error = CatalogRules.Check(ConfigCatalog.ClientMetrics, proposed);
        if (error.IsFailure) return error;
        ConfigValues values = ConfigValues.Parse(ConfigCatalog.ClientMetrics, proposed);
        if (values.Get(ClientMetricsKeys.IntervalMs) is var interval and (< IntervalMinMs or > IntervalMaxMs))
        {
            return new ApiError(
                ErrorCode.InvalidRequest,
                $"Invalid value {interval} for {ClientMetricsKeys.IntervalMs.Name}, interval must be between {IntervalMinMs} and {IntervalMaxMs} (1 hour)");
        }

        string? bad = values.Get(ClientMetricsKeys.Match)?.FirstOrDefault(pattern => !IsPattern(pattern));
        return bad is null ? ApiError.None : new ApiError(ErrorCode.InvalidConfig, $"Illegal client matching pattern: {bad}");
    }

    private static bool IsPattern(string text)
    {
        string[] parts = text.Split('=');
        if (parts.Length != 2 || !Labels.Contains(parts[0].Trim(), StringComparer.Ordinal)) return false;
        try
        {
            // Only whether it can be read; it is not run here.
            _ = new Regex(parts[1].Trim(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
