using Moldau.Client.Tests.Clusters;

[assembly: AssemblyFixture(typeof(Peers))]
