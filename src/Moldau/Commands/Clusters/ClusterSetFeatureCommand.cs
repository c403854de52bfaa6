using System.CommandLine;
using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Output;
using Moldau.Protocol;

namespace Moldau.Commands.Clusters;

/// <summary><c>moldau cluster set-feature</c>.</summary>
internal static class ClusterSetFeatureCommand
{
    private static readonly Argument<string[]> Levels = new("FEATURE=LEVEL") { Description = "The level a feature shall have; 0 switches it off.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Downgrade = new("--downgrade") { Description = "Let features go down where no metadata is lost by it." };
    private static readonly Option<bool> Unsafe = new("--unsafe") { Description = "Let features go down even where metadata is lost." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say whether it could be done." };

    public static Command Create() => Session.Run(new Command("set-feature", "Raise or lower feature levels of the cluster, all of them or none.") { Levels, Downgrade, Unsafe, DryRun }, RunAsync)
        .WithExamples("moldau cluster set-feature share.version=2", "moldau cluster set-feature group.version=0 --downgrade --dry-run");

    private static async Task<int> RunAsync(Session session)
    {
        FeatureMove move = session.Parsed.GetValue(Unsafe) ? FeatureMove.UnsafeDowngrade : session.Parsed.GetValue(Downgrade) ? FeatureMove.SafeDowngrade : FeatureMove.Upgrade;
        bool dryRun = session.Parsed.GetValue(DryRun);
        List<FeatureUpdate> updates = [.. Pairs.ParseAll("set-feature", session.Parsed.GetValue(Levels)!).Select(pair => Read(pair, move))];
        await session.Admin.Features.UpdateAsync(updates, dryRun, session.Stop);
        var outcomes = new Outcomes(session.Json, dryRun ? "could set" : "set");
        foreach (FeatureUpdate update in updates) outcomes.Add(update.Name, ErrorCode.None, null);
        return outcomes.End();
    }

    private static FeatureUpdate Read(KeyValuePair<string, string> pair, FeatureMove move) =>
        short.TryParse(pair.Value, NumberStyles.None, CultureInfo.InvariantCulture, out short level)
            ? new FeatureUpdate(pair.Key, level, move)
            : throw new UsageException($"{pair.Key}={pair.Value}: a level is a number, 0 or more");
}
