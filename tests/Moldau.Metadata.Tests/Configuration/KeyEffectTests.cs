using System.Reflection;
using System.Text.RegularExpressions;
using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

/// <summary>What a declaration says of its key's effect is true: a key in force is read somewhere in the source, and one that is not in force is read nowhere.</summary>
public sealed class KeyEffectTests
{
    // The controller reads the first by its name; the other is read only to be refused.
    private static readonly string[] Exceptions = ["unclean.leader.election.enable", "remote.log.storage.system.enable"];

    [Fact]
    public void Every_key_in_force_is_read_and_no_other_is()
    {
        string source = Source();
        HashSet<string> read = [];
        List<(ConfigKey Key, string Place)> keys = [.. Declared()];
        foreach ((ConfigKey key, string place) in keys.Where(one => Regex.IsMatch(source, $@"\b{Regex.Escape(one.Place)}\b")))
        {
            read.Add(Scoped(key, place));
            // A topic's key that is read gives its broker keys their effect.
            if (place.StartsWith(nameof(TopicKeys), StringComparison.Ordinal)) read.UnionWith(key.BrokerKeys);
        }

        List<string> wrong = [];
        foreach ((ConfigKey key, string place) in keys.Where(one => !Exceptions.Contains(one.Key.Name)))
        {
            bool isRead = read.Contains(Scoped(key, place));
            if (isRead && key.Effect != KeyEffect.InForce) wrong.Add($"{place} is read: take .{(key.Effect == KeyEffect.NotYet ? "NotYet" : "NoEffect")}() off its declaration");
            if (!isRead && key.Effect == KeyEffect.InForce) wrong.Add($"{place} is read nowhere: put .NotYet() or .NoEffect() on its declaration");
        }

        Assert.Equal(ConfigCatalog.Broker.Keys.Count + ConfigCatalog.Topic.Keys.Count + ConfigCatalog.Group.Keys.Count + ConfigCatalog.ClientMetrics.Keys.Count, keys.Count);
        Assert.Empty(wrong);
    }

    private static IEnumerable<(ConfigKey Key, string Place)> Declared() =>
        from type in typeof(ConfigKey).Assembly.GetTypes()
        where type is { IsAbstract: true, IsSealed: true, Namespace: "Moldau.Metadata.Configuration" }
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        where field.FieldType.IsSubclassOf(typeof(ConfigKey))
        select ((ConfigKey)field.GetValue(null)!, $"{type.Name}.{field.Name}");

    // Names of different catalogs may be the same.
    private static string Scoped(ConfigKey key, string place) =>
        ConfigCatalog.Broker.TryGet(key.Name, out ConfigKey? broker) && ReferenceEquals(broker, key) ? key.Name : place;

    private static string Source()
    {
        string folder = Path.Combine(Facts.Root(), "src");
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !file.Contains(Path.Combine("Moldau.Metadata", "Configuration"), StringComparison.Ordinal));
        return string.Join('\n', files.Select(File.ReadAllText));
    }
}
