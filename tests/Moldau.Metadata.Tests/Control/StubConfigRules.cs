using System.Globalization;
using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Metadata.Tests.Control;

/// <summary>A handful of keys with the rules that handlers depend on.</summary>
internal sealed class StubConfigRules : IConfigRules
{
    private static readonly string[] TopicKeys = ["cleanup.policy", "min.insync.replicas", "retention.ms", "unclean.leader.election.enable"];

    public string MinIsr { get; set; } = "1";

    public ApiError Validate(ConfigResource resource, IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> current)
    {
        if (resource.Type != ConfigResourceType.Topic) return ApiError.None;
        foreach ((string name, string value) in proposed)
        {
            if (!TopicKeys.Contains(name)) return new ApiError(ErrorCode.InvalidConfig, $"Unknown topic config name: {name}");
            if (name == "retention.ms" && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                return new ApiError(ErrorCode.InvalidConfig, $"Invalid value {value} for configuration retention.ms: Not a number of type LONG");
            }
        }

        return ApiError.None;
    }

    public bool IsList(ConfigResourceType type, string name) => name == "cleanup.policy";

    public string? Default(ConfigResourceType type, string name) => name == "cleanup.policy" ? "delete" : null;

    public string? StaticTopicConfig(string name) => name switch
    {
        "min.insync.replicas" => MinIsr,
        "unclean.leader.election.enable" => "false",
        _ => null,
    };

    public IReadOnlyList<EffectiveConfig> EffectiveTopicConfigs(
        IReadOnlyDictionary<string, string> topic, IReadOnlyDictionary<string, string> node, IReadOnlyDictionary<string, string> cluster) =>
        [.. TopicKeys.Select(name => topic.TryGetValue(name, out string? own)
            ? new EffectiveConfig(name, own, 1, false, false)
            : new EffectiveConfig(name, cluster.GetValueOrDefault(name) ?? "default", (sbyte)(cluster.ContainsKey(name) ? 3 : 5), false, false))];
}

/// <summary>Ids that count up, and a small generator with a seed.</summary>
internal sealed class CountingRandom(uint seed) : IControllerRandom
{
    private long ids;
    private uint state = seed * 2654435761 + 1;

    public static Uuid Id(long number) => new(0x4000 + number, 7);

    public Uuid NewId() => Id(++ids);

    public int Next(int exclusiveMax)
    {
        state = state * 1664525 + 1013904223;
        return (int)((state >> 8) % (uint)exclusiveMax);
    }
}
