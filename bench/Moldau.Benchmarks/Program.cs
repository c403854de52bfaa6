using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Moldau.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
