using System.Text;

namespace Moldau.Metadata.Configuration;

/// <summary>The page of all configuration keys, made from their declarations.</summary>
public static class ConfigMarkdown
{
    private const string Introduction = """
        # Configuration

        Every key of Apache Kafka 4.4 is known, with its name, type, default and range. This page is made from the declarations in
        `src/Moldau.Metadata/Configuration`; a test fails when it is stale and says how to write it anew.

        A node takes its configuration from, the stronger first: what is set dynamically on the broker, what is set dynamically as the default of all brokers,
        its file (`moldau start --config FILE`, in Java's properties format) with `--set key=value` over it, the defaults below. A topic's or group's own
        configuration goes over all of them.

        - An unknown key in the file is an error that names the nearest.
        - *No effect*: the key has no meaning here. *Not yet*: what it belongs to is not there yet. Both are accepted, in the file with a warning.
        - *Internal*: Kafka leaves the key out of its documentation.
        - `listener.name.NAME.KEY` sets a key for one listener.
        - *changes*: `restart` by the file only; `broker` also dynamically, on one broker; `cluster` also dynamically, on one broker or as the default of all.
        - *else*: the broker's key that a topic or group falls back to.

        """;

    /// <summary>The page.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        Catalog(page, ConfigCatalog.Broker, "Node", "changes", Changes);
        Catalog(page, ConfigCatalog.Topic, "Topic", "else", Else);
        Catalog(page, ConfigCatalog.Group, "Group", "else", Else);
        Catalog(page, ConfigCatalog.ClientMetrics, "Client metrics subscription", "else", Else);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Catalog(StringBuilder page, ConfigCatalog catalog, string title, string column, Func<ConfigKey, string> cell)
    {
        page.AppendLine().AppendLine($"## {title}");
        foreach ((string subject, IReadOnlyList<ConfigKey> keys) in catalog.Sections)
        {
            page.AppendLine();
            if (catalog.Sections.Count > 1) page.AppendLine($"### {subject}").AppendLine();
            page.AppendLine($"| key | type | default | takes | {column} | |").AppendLine("|---|---|---|---|---|---|");
            foreach (ConfigKey key in keys) page.AppendLine(Row(key, cell(key)));
        }
    }

    private static string Row(ConfigKey key, string cell)
    {
        string note = key.Effect switch
        {
            KeyEffect.None => "*No effect.* ",
            KeyEffect.NotYet => "*Not yet.* ",
            _ => "",
        };
        if (key.IsInternal) note += "*Internal.* ";
        return $"| `{key.Name}` | {key.Type.ToString().ToLowerInvariant()} | {Default(key)} | {Escape(key.ValidText ?? "")} | {cell} | {note}{Escape(key.Documentation)} |";
    }

    private static string Default(ConfigKey key) => key switch
    {
        { IsRequired: true } => "required",
        { DefaultText: null } => "",
        { DefaultText: "" } => "empty",
        _ => $"`{Escape(key.DefaultText)}`",
    };

    private static string Changes(ConfigKey key) => key.UpdateMode switch
    {
        UpdateMode.PerBroker => "broker",
        UpdateMode.ClusterWide => "cluster",
        _ => "restart",
    };

    private static string Else(ConfigKey key) => string.Join(", ", key.BrokerKeys.Select(name => $"`{name}`"));

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
