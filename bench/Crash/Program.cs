using Moldau.Crash;
using Moldau.Processes;

// dotnet run -c Release --project bench/Crash -- --rounds 100
if (args is ["--help" or "-h", ..])
{
    Console.WriteLine(CrashOptions.Usage);
    return 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
string? temporary = null;
try
{
    CrashOptions options = CrashOptions.Parse(args);
    string folder = options.Folder ?? (temporary = Directory.CreateTempSubdirectory("moldau-crash-").FullName);
    NodeProgram program = options.Executable is { } executable ? new MoldauProgram(executable) : NodeProgram.FromEnvironment();
    Console.WriteLine($"{program.Name}: {options.Rounds} rounds, clients {string.Join(", ", options.Clients)}, seed {options.Seed}, data in {folder}");
    CrashReport report = await new CrashRun(options, program, Console.WriteLine).RunAsync(folder, interrupted.Token);
    report.Print(Console.Out);
    return report.ViolationCount == 0 ? 0 : 1;
}
catch (CrashUsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(CrashOptions.Usage);
    return 2;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    Console.Error.WriteLine("interrupted");
    return 130;
}
catch (Exception failure) when (failure is ProgramFailedException or InvalidOperationException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
finally
{
    if (temporary != null) Directory.Delete(temporary, recursive: true);
}
