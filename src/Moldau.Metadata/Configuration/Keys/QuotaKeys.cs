using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Quotas, metrics and telemetry.</summary>
public static class QuotaKeys
{
    internal static readonly KeySection Section = new("Quotas, metrics and telemetry");

    public static readonly ConfigKey<int> QuotaWindowNum = Section.Int("quota.window.num", 11, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Windows over which client quotas are measured.").NotYet());

    public static readonly ConfigKey<int> QuotaWindowSizeSeconds = Section.Int("quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Length of such a window, in seconds.").NotYet());

    public static readonly ConfigKey<int> ReplicationQuotaWindowNum = Section.Int("replication.quota.window.num", 11, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Windows over which replication quotas are measured.").NotYet());

    public static readonly ConfigKey<int> ReplicationQuotaWindowSizeSeconds = Section.Int("replication.quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Length of such a window, in seconds.").NotYet());

    public static readonly ConfigKey<int> AlterLogDirsReplicationQuotaWindowNum = Section.Int("alter.log.dirs.replication.quota.window.num", 11, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Windows over which moves between folders are measured.").NotYet());

    public static readonly ConfigKey<int> AlterLogDirsReplicationQuotaWindowSizeSeconds = Section.Int("alter.log.dirs.replication.quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Length of such a window, in seconds.").NotYet());

    public static readonly ConfigKey<int> ControllerQuotaWindowNum = Section.Int("controller.quota.window.num", 11, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Windows over which changes of topics are measured.").NotYet());

    public static readonly ConfigKey<int> ControllerQuotaWindowSizeSeconds = Section.Int("controller.quota.window.size.seconds", 1, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Length of such a window, in seconds.").NotYet());

    public static readonly ConfigKey<string?> ClientQuotaCallbackClass = Section.Class("client.quota.callback.class", null,
        Low(ReadOnly, "Java class that decides quotas.").NoEffect());

    public static readonly ConfigKey<IReadOnlyList<string>?> MetricReporters = Section.List("metric.reporters", ["org.apache.kafka.common.metrics.JmxReporter"], ConfigRule.DistinctList,
        Low(ClusterWide, "Java classes that report metrics. Here metrics come out through System.Diagnostics.Metrics.").NoEffect());

    public static readonly ConfigKey<int> MetricsNumSamples = Section.Int("metrics.num.samples", 2, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Samples from which a metric is computed.").NotYet());

    public static readonly ConfigKey<long> MetricsSampleWindowMs = Section.Long("metrics.sample.window.ms", 30000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Length of a sample, in milliseconds.").NotYet());

    public static readonly ConfigKey<string?> MetricsRecordingLevel = Section.String("metrics.recording.level", "INFO", null,
        Low(ReadOnly, "How much is measured: INFO, DEBUG or TRACE.").NotYet());

    public static readonly ConfigKey<int> KafkaMetricsPollingIntervalSecs = Section.Int("kafka.metrics.polling.interval.secs", 10, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often the older metrics reporters run, in seconds.").NoEffect());

    public static readonly ConfigKey<IReadOnlyList<string>?> KafkaMetricsReporters = Section.List("kafka.metrics.reporters", [], ConfigRule.DistinctList,
        Low(ReadOnly, "Java classes of the older metrics reporters.").NoEffect());

    public static readonly ConfigKey<int> TelemetryMaxBytes = Section.Int("telemetry.max.bytes", 1048576, ConfigRule.AtLeast(1),
        Low(ReadOnly, "Largest push of client metrics accepted, in bytes.").NotYet());
}
