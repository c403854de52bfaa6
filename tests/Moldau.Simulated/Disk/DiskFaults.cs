using Moldau.Storage.Files;

namespace Moldau.Simulated.Disk;

/// <summary>Failures to come on a simulated disk.</summary>
public sealed class DiskFaults
{
    private readonly List<Armed> armed = [];

    /// <summary>Decides for each operation, besides what is armed; null for none.</summary>
    public Func<DiskOperation, DiskFailure?>? Rule { get; set; }

    /// <summary>Fails the n-th change from now on (write, length, creation, deletion, renaming) of what has the text in its path, once.</summary>
    public void FailWrite(int nth = 1, DiskFailure failure = DiskFailure.Io, string pathContains = "") =>
        armed.Add(new Armed(IsChange, pathContains, nth, failure));

    /// <summary>Fails the n-th flush from now on, of a file or folder, of what has the text in its path, once.</summary>
    public void FailFlush(int nth = 1, string pathContains = "") =>
        armed.Add(new Armed(IsFlush, pathContains, nth, DiskFailure.Flush));

    /// <summary>Fails every read that touches the range, until cleared.</summary>
    public void FailReads(string pathContains = "", long from = 0, long to = long.MaxValue) =>
        armed.Add(new Armed(operation => operation.Kind == DiskOperationKind.Read && operation.Position < to && operation.Position + operation.Length > from, pathContains, 0, DiskFailure.Io));

    /// <summary>Disarms everything.</summary>
    public void Clear()
    {
        armed.Clear();
        Rule = null;
    }

    internal DiskFailure? Match(DiskOperation operation)
    {
        for (int i = 0; i < armed.Count; i++)
        {
            Armed fault = armed[i];
            if (!fault.Applies(operation) || !operation.Path.Contains(fault.PathContains, StringComparison.Ordinal)) continue;
            if (fault.Nth == 0) return fault.Failure; // stays
            if (fault.Nth == 1)
            {
                armed.RemoveAt(i);
                return fault.Failure;
            }

            armed[i] = fault with { Nth = fault.Nth - 1 };
        }

        return Rule?.Invoke(operation);
    }

    private static bool IsFlush(DiskOperation operation) => operation.Kind is DiskOperationKind.Flush or DiskOperationKind.FlushDirectory;

    private static bool IsChange(DiskOperation operation) => operation.Kind != DiskOperationKind.Read && !IsFlush(operation);

    private readonly record struct Armed(Func<DiskOperation, bool> Applies, string PathContains, int Nth, DiskFailure Failure);
}
