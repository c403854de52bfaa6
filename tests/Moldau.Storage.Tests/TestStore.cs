using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests;

/// <summary>Runs everything on the caller's stack: a test sees each step's end before the next, and time stands still unless it is moved.</summary>
internal sealed class InlineScheduler(FakeTimeProvider time) : IScheduler
{
    private ulong random = 1;

    public TimeProvider Time => time;

    public void FillRandom(Span<byte> target)
    {
        foreach (ref byte value in target)
        {
            random = random * 6364136223846793005 + 1442695040888963407;
            value = (byte)(random >> 33);
        }
    }

    public Task Start(string name, Func<Task> loop) => loop();

    public Task RunBlocking(Action work)
    {
        try
        {
            work();
            return Task.CompletedTask;
        }
        catch (Exception failure)
        {
            return Task.FromException(failure);
        }
    }

    public Task Delay(TimeSpan delay, CancellationToken cancellation = default) => Task.Delay(delay, time, cancellation);
}

/// <summary>A log store on a file system of the test's choice, with a clock of its own.</summary>
internal sealed class TestStore : IAsyncDisposable, ILogListener
{
    public static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeMilliseconds(1_795_500_000_000);
    private bool closed;

    private TestStore(LogStore logs, FakeTimeProvider time)
    {
        Logs = logs;
        Time = time;
        logs.Listener = this;
    }

    public LogStore Logs { get; }

    public FakeTimeProvider Time { get; }

    public List<(LogDirectory Directory, Exception Cause)> Failures { get; } = [];

    public List<PartitionLog> Flushes { get; } = [];

    public int Appends { get; private set; }

    public static async Task<TestStore> Open(
        IFileSystem files, string directory, LogConfig? config = null, FlushPolicy policy = FlushPolicy.Fsync, DateTimeOffset? now = null, Func<TopicPartition, LogConfig?>? configOf = null,
        PlantedStorageBugs? planted = null, long producerExpirationMs = 86_400_000)
    {
        var time = new FakeTimeProvider(now ?? Epoch);
        var options = new LogStoreOptions { Directories = directory.Split(','), DefaultConfig = config ?? LogConfig.Default, FlushPolicy = policy, ConfigOf = configOf, Planted = planted ?? new(), ProducerExpirationMs = producerExpirationMs };
        LogStore logs = await LogStore.OpenAsync(options, files, new InlineScheduler(time), NullLogger.Instance);
        return new TestStore(logs, time);
    }

    public PartitionLog this[string topic, int partition] => Logs.Find(new TopicPartition(topic, partition)) ?? throw new KeyNotFoundException($"{topic}-{partition}");

    public PartitionLog Create(string topic, LogConfig? config = null) =>
        Logs.Create(new TopicPartition(topic, 0), new Uuid(1, topic.Length), config ?? LogConfig.Default);

    /// <summary>Cleans whatever is due, until nothing is. Returns how often a log was cleaned.</summary>
    public async Task<int> Clean(CleanerOptions? options = null)
    {
        CleanerOptions used = options ?? new CleanerOptions();
        CleanerLane lane = CleanerLane.Of(new InlineScheduler(Time), used, new IoBudget(used.IoBytesPerSecondMax));
        int cleaned = 0;
        while (cleaned < 1000 && await Logs.LogCleaner.CleanOneAsync(lane)) cleaned++;
        return cleaned;
    }

    public async Task Close(bool clean = true)
    {
        closed = true;
        await Logs.CloseAsync(clean, brokerEpoch: 7);
    }

    public void Appended(PartitionLog log) => Appends++;

    public void Flushed(PartitionLog log) => Flushes.Add(log);

    public void Failed(LogDirectory directory, Exception cause) => Failures.Add((directory, cause));

    public async ValueTask DisposeAsync()
    {
        if (!closed) await Close(clean: false);
    }
}
