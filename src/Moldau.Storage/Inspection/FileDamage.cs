namespace Moldau.Storage.Inspection;

/// <summary>A place where a file is not what it should be.</summary>
/// <param name="Path">The file.</param>
/// <param name="Position">The byte where it begins; null where it is the file as a whole.</param>
/// <param name="Problem">What is wrong there.</param>
public sealed record FileDamage(string Path, long? Position, string Problem)
{
    public override string ToString() => Position is { } at ? $"{Path}, byte {at}: {Problem}" : $"{Path}: {Problem}";
}
