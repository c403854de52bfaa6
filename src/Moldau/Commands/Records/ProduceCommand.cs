using System.CommandLine;
using System.Text;
using Moldau.Client.Producing;
using Moldau.Output;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Commands.Records;

/// <summary><c>moldau produce</c>.</summary>
internal static class ProduceCommand
{
    private static readonly Argument<string> Topic = new("TOPIC") { Description = "Where to." };
    private static readonly Option<string?> Source = new("--file", "-f") { Description = "Lines of a file; the standard input otherwise.", HelpName = "FILE" };
    private static readonly Option<string?> KeySeparator = new("--key-separator", "-K") { Description = "What stands between key and value on each line.", HelpName = "TEXT" };
    private static readonly Option<string[]> Headers = new("--header", "-H") { Description = "A header of every record; repeatable.", HelpName = "KEY=VALUE", DefaultValueFactory = static _ => [] };
    private static readonly Option<string> Compression = new("--compression", "-z") { Description = "none, gzip, snappy, lz4 or zstd.", HelpName = "CODEC", DefaultValueFactory = static _ => "none" };
    private static readonly Option<string> AcksWanted = new("--acks") { Description = "all: durable; 1: the leader has it; 0: sent.", HelpName = "ACKS", DefaultValueFactory = static _ => "all" };
    private static readonly Option<bool> NoIdempotence = new("--no-idempotence") { Description = "Retries may make duplicates." };
    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "The partition; by key, or changing, otherwise.", HelpName = "N" };
    private static readonly Option<int> LingerMs = new("--linger") { Description = "Milliseconds that a batch waits for more.", HelpName = "MS", DefaultValueFactory = static _ => 5 };
    private static readonly Option<int> BatchBytes = new("--batch-size") { Description = "Bytes of a batch.", HelpName = "BYTES", DefaultValueFactory = static _ => 256 * 1024 };

    public static Command Create()
    {
        Compression.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        AcksWanted.AcceptOnlyFromAmong("all", "1", "0", "-1");
        var command = new Command("produce", "Send lines as records.") { Topic, Source, KeySeparator, Headers, Compression, AcksWanted, NoIdempotence, Partition, LingerMs, BatchBytes };
        return Session.Run(Session.AddTo(command), RunAsync).WithExamples(
            "echo hello | moldau produce lines",
            "moldau produce lines --file access.log --compression zstd",
            "moldau produce users --key-separator : --header source=import < users.txt");
    }

    private static async Task<int> RunAsync(Session session)
    {
        ParseResult parsed = session.Parsed;
        ProducerOptions options = OptionsOf(parsed);
        using Stream source = Open(parsed.GetValue(Source), out long length);
        var run = new ProduceRun(session, options, new RecordForm
        {
            Topic = parsed.GetValue(Topic)!,
            Partition = parsed.GetValue(Partition),
            KeySeparator = parsed.GetValue(KeySeparator) is { Length: > 0 } separator ? Encoding.UTF8.GetBytes(separator) : null,
            Headers = [.. parsed.GetValue(Headers)!.Select(static text => Pairs.Parse("--header", text)).Select(static pair => new RecordHeader(pair.Key, Encoding.UTF8.GetBytes(pair.Value)))],
        });
        return await run.RunAsync(source, length);
    }

    private static ProducerOptions OptionsOf(ParseResult parsed)
    {
        _ = CompressionTypes.TryParse(parsed.GetValue(Compression)!, out CompressionType? codec);
        int linger = parsed.GetValue(LingerMs), batch = parsed.GetValue(BatchBytes);
        if (linger < 0) throw new UsageException("--linger: 0 or more milliseconds are needed");
        if (batch is < 1 or > 64 * 1024 * 1024) throw new UsageException("--batch-size: 1 to 67108864 bytes are needed");
        return new ProducerOptions
        {
            Compression = codec ?? CompressionType.None,
            Acks = parsed.GetValue(AcksWanted) switch { "0" => Acks.None, "1" => Acks.Leader, _ => Acks.All },
            Idempotence = !parsed.GetValue(NoIdempotence),
            Linger = TimeSpan.FromMilliseconds(linger),
            BatchBytes = batch,
        };
    }

    private static Stream Open(string? path, out long length)
    {
        length = 0;
        if (path is null or "-") return Console.OpenStandardInput();
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
            length = file.CanSeek ? file.Length : 0;
            return file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"--file {path}: there is no such file");
        }
    }
}
