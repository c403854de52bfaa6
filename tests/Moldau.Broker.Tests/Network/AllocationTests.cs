using System.Diagnostics;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Fetching;
using Moldau.Broker.Handlers;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Broker.Tests.Nodes;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Network;

/// <summary>Memory that a request takes in steady state, from the bytes of its frame to the bytes of its answer, over a real log.</summary>
public sealed class AllocationTests : IAsyncLifetime
{
    private const int Partitions = 20, WarmUp = 300, Measured = 2000, Looks = 5;

    private readonly string folder = Directory.CreateTempSubdirectory("moldau-allocation").FullName;
    private readonly PartitionTable partitions = new();
    private readonly MetadataCache metadata = new();
    private ThreadPoolScheduler scheduler = null!;
    private Purgatory purgatory = null!;
    private LogStore store = null!;
    private HandlerTable handlers = null!;

    public async ValueTask InitializeAsync()
    {
        scheduler = new ThreadPoolScheduler(TimeProvider.System, (_, failure) => throw failure);
        purgatory = new Purgatory(scheduler.Time);
        store = await LogStore.OpenAsync(
            new LogStoreOptions { Directories = [folder], FlushPolicy = FlushPolicy.PageCache }, new PhysicalFileSystem(), scheduler, NullLogger.Instance);
        store.Listener = new LogEvents(partitions, new TopicPartition("none", 0), () => { }, () => { }, _ => { }, NullLogger.Instance) { Store = store };
        for (int i = 0; i < Partitions; i++) Host(i);
        var finder = new PartitionFinder(partitions, metadata, nodeId: 1);
        handlers = new HandlerTable(
        [
            new ProduceHandler(finder, metadata, purgatory, scheduler),
            new FetchHandler(
                new FetchSessions(new FetchSessionCache(scheduler, 0)), new FetchReader(finder), new FetchResponseWriter(metadata), new FetchWait(purgatory), () => int.MaxValue),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await store.CloseAsync(clean: false);
        purgatory.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_produce_request_takes_nothing_per_partition_and_next_to_nothing_at_all()
    {
        ProduceRequest request = Batches.Produce("t", 0, Batches.Of(Now(), "some", "values"), acks: 1);
        for (int i = 1; i < Partitions; i++) Batches.Add(request, "t", i, Batches.Of(Now(), "some", "values"));
        // 40 per partition are the log's new end mark, which readers take without a lock.
        await AssertWithinAsync(request, 9, 160 + (Partitions * 40));
    }

    [Fact]
    public async Task A_fetch_request_takes_nothing_per_partition_but_the_hold_on_the_file()
    {
        await MeasureAsync(Batches.Produce("t", 0, Batches.Of(Now(), new string('x', 1000)), acks: 1), 9);
        FetchRequest request = Batches.Fetch("t", 0, 0, maxBytes: 20_000);
        for (int i = 1; i < Partitions; i++) Batches.Add(request, "t", i, 0);
        await AssertWithinAsync(request, 11, 128 + (Partitions * 300));
    }

    // In a debug build every call of an async method takes memory for its state.
    private static double Budget(double bytes) =>
        typeof(ClientConnection).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? bytes + 1024 : bytes;

    // A collection, which any other test may cause, charges a thread for the rest of its allocation buffer: what a request takes is the least of a few looks.
    private async Task AssertWithinAsync(IRequest request, short version, double bytes)
    {
        double least = double.MaxValue;
        for (int i = 0; i < Looks && least > Budget(bytes); i++) least = Math.Min(least, await MeasureAsync(request, version));
        Assert.InRange(least, 0, Budget(bytes));
    }

    private void Host(int number)
    {
        var name = new TopicPartition("t", number);
        var hosted = new HostedPartition(name, new Uuid(1, 1), store.Create(name, new Uuid(1, 1), LogConfig.Default), new BrokerId(1), countsFlushedOnly: false);
        hosted.Apply(new PartitionRegistration { Replicas = [1], Directories = [Uuid.Zero], Isr = [1], Leader = 1, LeaderEpoch = 0, PartitionEpoch = 0 });
        partitions.Add(hosted);
    }

    private long Now() => scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    // Everything completes at once, so that the connection's loop runs from the first frame to the last on this thread.
    private async Task<double> MeasureAsync(IRequest request, short version)
    {
        var script = new ScriptedConnection(RawClient.Encode(request, version, 1), WarmUp + Measured, WarmUp);
        var parts = new ServerParts(
            new NetworkOptions(), handlers, scheduler, new BufferPool(), new ResponseWriters(), NullLogger.Instance, failure => throw failure);
        var connection = new ClientConnection(script, new ListenerEndpoint("PLAINTEXT", "PLAINTEXT", "", 0, Listeners.Broker), parts);
        await connection.RunAsync();
        Assert.Equal(WarmUp + Measured, script.Sends);
        return script.AllocatedBytes / (double)Measured;
    }
}
