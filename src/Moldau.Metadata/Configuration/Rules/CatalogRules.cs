using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>Names and values against the declarations.</summary>
internal static class CatalogRules
{
    /// <summary>INVALID_CONFIG with the first unknown name, else with the first value that its key does not take.</summary>
    public static ApiError Check(ConfigCatalog catalog, IReadOnlyDictionary<string, string> proposed)
    {
        foreach (string name in proposed.Keys)
        {
            if (!catalog.TryGet(name, out _)) return new ApiError(ErrorCode.InvalidConfig, $"Unknown {catalog.Scope} config name: {name}");
        }

        foreach ((string name, string value) in proposed)
        {
            try
            {
                if (catalog.TryGet(name, out ConfigKey? key)) key.Check(value);
            }
            catch (ConfigException e)
            {
                return new ApiError(ErrorCode.InvalidConfig, e.Message);
            }
        }

        return ApiError.None;
    }
}
