using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Moldau.Protocol;

/// <summary>Checks that stay on in production. A broken invariant is a bug: it stops the node, since down is better than wrong.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> unless <paramref name="condition"/> holds.</summary>
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        if (!condition) Fail(expression, file, line);
    }

    [DoesNotReturn]
    private static void Fail(string? expression, string? file, int line) =>
        throw new InvariantViolationException($"invariant broken: {expression} ({Path.GetFileName(file)}:{line})");
}

/// <summary>A broken invariant. Never caught below the composition root, which ends the process with a non-zero exit code.</summary>
public sealed class InvariantViolationException(string message) : Exception(message);
