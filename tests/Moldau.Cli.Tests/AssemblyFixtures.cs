using Moldau.Cli.Tests;

[assembly: AssemblyFixture(typeof(MoldauCli))]
