using System.Globalization;
using Moldau.Client.Admin;
using Moldau.Output;

namespace Moldau.Commands;

/// <summary>A place in a log as people write it.</summary>
internal readonly record struct OffsetText(long? Offset, OffsetSpec? Spec)
{
    public const string Forms = "beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z";

    public static OffsetText Parse(string option, string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "beginning" or "earliest": return new(null, OffsetSpec.Earliest);
            case "end" or "latest": return new(null, OffsetSpec.Latest);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long offset)) return new(offset, null);
        if (text.Contains('-') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return new(null, OffsetSpec.At(time));
        throw new UsageException($"{option} {text}: {Forms} is needed");
    }
}
