using Moldau.Protocol.Golden;

namespace Moldau.Protocol.Tests.Messages;

/// <summary>A verifier is worth what it finds: each kind of case, made wrong, is counted as wrong.</summary>
public sealed class GoldenVerifierTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("""{"m":"NoSuch","v":0,"json":{},"hex":""}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"json":{"errorCode":1},"hex":"0000"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"json":{"errorCode":0},"hex":"000000"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"json":{"errorCode":0},"hex":"00"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"json":{},"hex":"0000"}""")]
    [InlineData("""{"m":"EndTransactionRecord","v":0,"json":{},"hex":"00","framed":"01180001"}""")]
    [InlineData("""{"m":"HeartbeatResponse","key":12,"v":0,"headerVersion":0,"correlationId":1,"json":{"errorCode":0},"hex":"00000006000000020000"}""")]
    [InlineData("""{"m":"HeartbeatResponse","key":12,"v":0,"headerVersion":1,"correlationId":2,"json":{"errorCode":0},"hex":"00000006000000020000"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"path":"throttleTimeMs","json":{"throttleTimeMs":5,"errorCode":0},"outcome":"refused"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"path":"throttleTimeMs","json":{"throttleTimeMs":5,"errorCode":0},"hex":"0001","outcome":"dropped"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"hex":"0000","outcome":"refused"}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"hex":"00","outcome":"read","left":0,"json":{"errorCode":0}}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"hex":"000000","outcome":"read","left":0,"json":{"errorCode":0}}""")]
    [InlineData("""{"m":"HeartbeatResponse","v":0,"hex":"0000","outcome":"read","left":0,"json":{"errorCode":7}}""")]
    public void A_wrong_case_is_counted_and_described(string line)
    {
        GoldenReport report = Run("cases.jsonl", line);
        Assert.Equal((0, 1), (report.Right, report.Wrong));
        Assert.Contains("cases.jsonl:1 ", Assert.Single(report.Faults));
    }

    [Fact]
    public void A_case_refused_on_purpose_where_Kafka_reads_on_is_right_and_counted_apart()
    {
        GoldenReport report = Run("cases.jsonl", """{"m":"SaslHandshakeRequest","v":0,"hex":"0001ff","outcome":"read","left":0,"json":{"mechanism":"\ufffd"}}""");
        Assert.Equal((1, 0, 1), (report.Right, report.Wrong, report.Stricter));
    }

    [Fact]
    public void Right_and_wrong_cases_of_all_files_are_added_up()
    {
        const string Good = """{"m":"HeartbeatResponse","v":0,"json":{"errorCode":0},"hex":"0000"}""";
        const string Bad = """{"m":"HeartbeatResponse","v":0,"json":{"errorCode":1},"hex":"0000"}""";
        Run("a.jsonl", $"{Good}\n\n{Bad}\n");
        GoldenReport report = Run("b.jsonl", $"{Good}\n{{\"name\":\"of another kind\"}}\n");
        Assert.Equal((2, 1), (report.Right, report.Wrong));
        Assert.Equal([0, 1], report.Files.Select(file => file.Unknown));
    }

    [Fact]
    public void A_file_with_a_check_of_its_own_goes_to_it()
    {
        File.WriteAllText(Path.Combine(folder, "batches.jsonl"), "one\ntwo\n");
        var verifier = new GoldenVerifier();
        verifier.FileChecks["batches.jsonl"] = (lines, count) =>
        {
            while (lines.ReadLine() is { } line) count.AddWrong(line);
        };
        Assert.Equal(["one", "two"], verifier.Run(folder).Faults);
    }

    [Fact]
    public void A_file_that_is_not_JSON_is_an_error_that_names_the_line()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Run("a.jsonl", "{}\nnot json"));
        Assert.Contains("a.jsonl:2", error.Message);
    }

    private GoldenReport Run(string name, string text)
    {
        File.WriteAllText(Path.Combine(folder, name), text);
        return new GoldenVerifier().Run(folder);
    }
}
