using Moldau.Broker.Partitions;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Directories;

/// <summary>What is said when a log directory fails tells an operator what to do.</summary>
public sealed class DirectoryAdviceTests
{
    [Theory]
    [InlineData(DiskFailure.Full, "Make room")]
    [InlineData(DiskFailure.Flush, "replace it if it is broken")]
    [InlineData(DiskFailure.Io, "repair or replace")]
    public void Each_way_to_fail_has_its_remedy_and_ends_in_a_restart(DiskFailure failure, string remedy)
    {
        string advice = DirectoryAdvice.For(new DiskException(failure, "/data/t-0", "it failed"));
        Assert.Contains(remedy, advice, StringComparison.Ordinal);
        Assert.Contains("restart the node", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_that_is_no_disks_has_one_too() => Assert.Contains("restart the node", DirectoryAdvice.For(new IOException("odd")), StringComparison.Ordinal);
}
