using BenchmarkDotNet.Running;

// All benchmarks: dotnet run -c Release --project bench/Moldau.Benchmarks -- --filter '*'
// A quick look:   dotnet run -c Release --project bench/Moldau.Benchmarks -- --filter '*Crc*' --job short --inProcess
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
