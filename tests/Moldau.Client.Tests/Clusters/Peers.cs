namespace Moldau.Client.Tests.Clusters;

/// <summary>The clusters of the run, started when the first test asks for them.</summary>
public sealed class Peers : IAsyncLifetime
{
    /// <summary>The names that tests are run with.</summary>
    public static readonly string[] Names = ["moldau", "kafka"];

    private readonly Lazy<Task<ITestCluster?>> moldau = new(static async () => await MoldauNode.StartAsync());
    private readonly Lazy<Task<ITestCluster?>> kafka = new(static async () => await KafkaNode.TryStartAsync());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A client of a cluster; skips the test where there is none.</summary>
    internal async Task<KafkaClient> ClientAsync(string name, Func<ClientOptions, ClientOptions>? change = null)
    {
        ITestCluster? cluster = await (name == "kafka" ? kafka : moldau).Value;
        if (cluster is null) Assert.Skip("needs ../shared: Apache Kafka is not here: ../shared/peers or java is absent");
        ClientOptions options = ClientOptions.For(cluster.Bootstrap);
        return KafkaClient.Create(change is null ? options : change(options), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<ITestCluster?>> each in new[] { moldau, kafka })
        {
            if (each.IsValueCreated && await each.Value is { } cluster) await cluster.DisposeAsync();
        }
    }
}
