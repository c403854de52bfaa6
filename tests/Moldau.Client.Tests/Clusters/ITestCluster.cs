namespace Moldau.Client.Tests.Clusters;

/// <summary>A cluster of one node that tests talk to.</summary>
internal interface ITestCluster : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    string Bootstrap { get; }
}
