using System.Diagnostics;
using System.Text;

namespace Moldau.Processes;

/// <summary>What a program left when it ended.</summary>
public sealed record Finished(int ExitCode, string Output, string Errors)
{
    /// <summary>The lines of the output, without their ends.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>This result, when the program ended well.</summary>
    /// <exception cref="ProgramFailedException">It ended with another exit code than 0.</exception>
    public Finished Succeeded() => ExitCode == 0 ? this : throw new ProgramFailedException($"exit code {ExitCode}\n{Tail(Errors)}\n{Tail(Output)}");

    private static string Tail(string text) => text.Length <= 4000 ? text : "…" + text[^4000..];
}

/// <summary>A foreign program failed or did not end in time.</summary>
public sealed class ProgramFailedException(string message) : Exception(message);

/// <summary>Runs a program to its end, with a deadline and with bounded output.</summary>
public static class ChildProcess
{
    /// <param name="file">Path or name of the program.</param>
    /// <param name="arguments">Its arguments, each passed as it is.</param>
    /// <param name="input">What it reads from standard input; null: nothing.</param>
    /// <param name="environment">Variables set for it alone.</param>
    /// <param name="timeout">Default: <see cref="Limits.ProgramRun"/>.</param>
    /// <param name="token">Ends the program early.</param>
    /// <exception cref="ProgramFailedException">The program did not end in time.</exception>
    public static async Task<Finished> RunAsync(
        string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null, CancellationToken token = default)
    {
        using Process process = Process.Start(Describe(file, arguments, environment)) ?? throw new ProgramFailedException($"{file} did not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(timeout ?? Limits.ProgramRun);
        Task<string> output = ReadAsync(process.StandardOutput), errors = ReadAsync(process.StandardError);
        Task writing = WriteAsync(process, input);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw new ProgramFailedException(
                $"{Path.GetFileName(file)} {string.Join(' ', arguments)} was ended after {timeout ?? Limits.ProgramRun}\n{await errors}\n{await output}");
        }

        await writing;
        return new Finished(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a program and gives each line of its output away, for output too long to be kept.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="ProgramFailedException">The program did not end in time.</exception>
    public static async Task<int> ReadLinesAsync(ProcessStartInfo start, Action<string> onLine, TimeSpan timeout, CancellationToken token)
    {
        using Process process = Process.Start(start) ?? throw new ProgramFailedException($"{start.FileName} did not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(timeout);
        process.StandardInput.Close();
        Task<string> errors = ReadAsync(process.StandardError);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line) onLine(line);
            await process.WaitForExitAsync(deadline.Token);
            await errors;
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new ProgramFailedException($"{Path.GetFileName(start.FileName)} was ended after {timeout}");
        }
    }

    /// <summary>How a program is started here: its three streams are ours, and UTF-8.</summary>
    public static ProcessStartInfo Describe(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = utf8, StandardOutputEncoding = utf8, StandardErrorEncoding = utf8,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return start;
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            if (input != null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may end before it has read everything; its exit code tells what that means.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        char[] buffer = new char[16 * 1024];
        for (int read; (read = await reader.ReadAsync(buffer.AsMemory())) > 0;)
            if (text.Length + read <= Limits.OutputBytesMax) text.Append(buffer, 0, read);
        return text.ToString();
    }
}
