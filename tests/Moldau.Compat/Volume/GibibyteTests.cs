using System.Diagnostics;
using System.IO.Hashing;
using Confluent.Kafka;
using Moldau.Processes;

namespace Moldau.Compat.Volume;

/// <summary>One GiB through a client and back, checksummed.</summary>
[Trait("category", "volume")]
public sealed class GibibyteTests(NodeFixture node)
{
    private const int Records = 1024 * 1024 * 1024 / RandomRecords.RecordBytes;
    private readonly Confluent.ConfluentClient _client = new(node);

    [Fact]
    public async Task One_GiB_goes_through_Confluent_Kafka_unchanged()
    {
        using CancellationTokenSource deadline = Client.Deadline();
        string topic = NodeFixture.Name("volume-confluent");
        await _client.CreateTopicAsync(topic);
        var records = new RandomRecords();
        Task<string> reading = Task.Run(() => ReadChecksum(topic, deadline.Token), deadline.Token);

        using (IProducer<byte[]?, byte[]?> producer = _client.Producer(config => (config.BatchSize, config.QueueBufferingMaxKbytes) = (900_000, 32 * 1024)))
        {
            var target = new TopicPartition(topic, 0);
            for (int i = 0; i < Records; i++)
            {
                byte[] record = new byte[RandomRecords.RecordBytes];
                records.Next(record);
                while (!TryProduce(producer, target, record)) producer.Poll(TimeSpan.FromMilliseconds(10));
            }

            producer.Flush(deadline.Token);
        }

        Assert.Equal(records.Checksum, await reading);
        await DeleteAsync(topic);
    }

    [Fact]
    public async Task One_GiB_goes_through_kcat_unchanged()
    {
        string kcat = Client.Require(ForeignPrograms.Kcat);
        using CancellationTokenSource deadline = Client.Deadline();
        string topic = NodeFixture.Name("volume-kcat");
        await _client.CreateTopicAsync(topic);

        string sent = await PipeIntoAsync(Start(kcat, "-P", "-t", topic, "-p", "0", "-X", "queue.buffering.max.kbytes=32768"), deadline.Token);
        string read = await ChecksumOfAsync(Start(kcat, "-C", "-t", topic, "-p", "0", "-o", "beginning", "-c", $"{Records}", "-q"), deadline.Token);

        Assert.Equal(sent, read);
        await DeleteAsync(topic);
    }

    private static bool TryProduce(IProducer<byte[]?, byte[]?> producer, TopicPartition target, byte[] record)
    {
        try
        {
            producer.Produce(target, new Message<byte[]?, byte[]?> { Value = record });
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private string ReadChecksum(string topic, CancellationToken token)
    {
        var read = new XxHash128();
        using IConsumer<byte[], byte[]> consumer = _client.Consumer("unused", config => config.EnablePartitionEof = false).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        for (int i = 0; i < Records; i++) read.Append(consumer.Consume(token).Message.Value);
        return Convert.ToHexString(read.GetCurrentHash());
    }

    private static async Task<string> PipeIntoAsync(Process kcat, CancellationToken token)
    {
        using Process process = kcat;
        await using CancellationTokenRegistration ending = token.Register(() => kcat.Kill());
        var records = new RandomRecords();
        byte[] line = new byte[RandomRecords.RecordBytes];
        await using (Stream input = kcat.StandardInput.BaseStream)
        {
            for (int i = 0; i < Records; i++)
            {
                records.NextLine(line.AsSpan(0, line.Length - 1));
                line[^1] = (byte)'\n';
                await input.WriteAsync(line, token);
            }
        }

        await kcat.WaitForExitAsync(token);
        Assert.Equal(0, kcat.ExitCode);
        return records.Checksum;
    }

    private static async Task<string> ChecksumOfAsync(Process kcat, CancellationToken token)
    {
        using Process process = kcat;
        await using CancellationTokenRegistration ending = token.Register(() => kcat.Kill());
        kcat.StandardInput.Close();
        var read = new XxHash128();
        byte[] line = new byte[RandomRecords.RecordBytes];
        Stream output = kcat.StandardOutput.BaseStream;
        while (await output.ReadAtLeastAsync(line, line.Length, throwOnEndOfStream: false, token) == line.Length) read.Append(line.AsSpan(0, line.Length - 1));
        await kcat.WaitForExitAsync(token);
        Assert.Equal(0, kcat.ExitCode);
        return Convert.ToHexString(read.GetCurrentHash());
    }

    private Process Start(string kcat, params string[] arguments)
    {
        ProcessStartInfo start = ChildProcess.Describe(kcat, ["-b", node.Bootstrap, "-m", "30", .. arguments]);
        (start.RedirectStandardError, start.StandardErrorEncoding) = (false, null);
        return Process.Start(start)!;
    }

    // The disk of a small machine is needed for the next GiB.
    private async Task DeleteAsync(string topic)
    {
        using IAdminClient admin = _client.Admin();
        await admin.DeleteTopicsAsync([topic]);
    }
}
