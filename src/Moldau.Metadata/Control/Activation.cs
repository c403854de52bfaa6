using Moldau.Metadata.Features;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>What a controller writes when it becomes the active one.</summary>
internal static class Activation
{
    private const string Reason = "Controller failover";

    /// <summary>
    /// An empty log gets the bootstrap records, in a metadata transaction where the level has them: a controller that fails halfway leaves nothing that counts.
    /// A transaction that another controller left open is aborted.
    /// </summary>
    /// <exception cref="MetadataReplayException">There is nothing to begin with, or a transaction is open at a level without transactions.</exception>
    internal static ControllerResult<string> Records(ControllerState state, ConfigControl configs, IReadOnlyList<MetadataRecord> bootstrap)
    {
        bool inTransaction = state.TransactionStart >= 0;
        if (state.Image.Features.MetadataVersion is { } current)
        {
            CheckTransaction(state, current, inTransaction);
            return inTransaction
                ? new ControllerResult<string>([Abort()], $"aborted the metadata transaction open since offset {state.TransactionStart}", true)
                : ControllerResult<string>.Of("continues the metadata log");
        }

        var version = new MetadataVersion(BootstrapMetadata.LevelOf(bootstrap, MetadataVersion.FeatureName));
        if (!version.IsSupported) throw new MetadataReplayException("the metadata log is empty, and the bootstrap records do not set metadata.version to a level of this version");
        CheckTransaction(state, version, inTransaction);
        var records = new List<MetadataRecord>();
        if (inTransaction) records.Add(Abort());
        if (version.SupportsTransactions) records.Add(new MetadataRecord(new BeginTransactionRecord { Name = "Bootstrap records" }, 0));
        records.AddRange(bootstrap);
        if (BootstrapMetadata.LevelOf(bootstrap, FeatureCatalog.ElrVersion) > 0) records.Add(configs.MinIsrRecord());
        if (version.SupportsTransactions) records.Add(new MetadataRecord(new EndTransactionRecord(), 0));
        return new ControllerResult<string>(records, $"bootstraps the metadata log at metadata.version {version}", !version.SupportsTransactions);
    }

    private static void CheckTransaction(ControllerState state, MetadataVersion version, bool inTransaction)
    {
        if (inTransaction && !version.SupportsTransactions)
        {
            throw new MetadataReplayException($"a metadata transaction is open since offset {state.TransactionStart}, but metadata.version {version} does not support transactions");
        }
    }

    private static MetadataRecord Abort() => new(new AbortTransactionRecord { Reason = Reason }, 0);
}
