using System.Buffers.Binary;
using Moldau.Metadata.Control;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Lifecycle;

/// <summary>The controller's randomness, from the scheduler.</summary>
internal sealed class ControllerRandom(IScheduler scheduler) : IControllerRandom
{
    public Uuid NewId() => RandomIds.Next(scheduler);

    public int Next(int exclusiveMax)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        scheduler.FillRandom(bytes);
        return (int)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) % (ulong)exclusiveMax);
    }
}

/// <summary>Random ids.</summary>
internal static class RandomIds
{
    /// <summary>A version 4 id whose text does not begin with '-'.</summary>
    public static Uuid Next(IScheduler scheduler)
    {
        Span<byte> bytes = stackalloc byte[Uuid.Size];
        Uuid id;
        do scheduler.FillRandom(bytes);
        while (!Uuid.TryFromRandom(bytes, out id));
        return id;
    }
}
