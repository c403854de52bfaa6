using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Tests;

public sealed class RunTests
{
    [Fact]
    public void A_busy_machine_is_refused_with_what_to_do()
    {
        var refused = Assert.Throws<BusyMachineException>(() => Pressure.Require(42.5, isBusyAccepted: false));

        Assert.Contains("42.5 %", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--busy-ok", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_busy_machine_that_is_accepted_marks_the_report() =>
        Assert.Contains("busy machine", Pressure.Require(42.5, isBusyAccepted: true), StringComparison.Ordinal);

    [Fact]
    public void A_quiet_machine_leaves_no_mark() => Assert.Equal("cpu pressure 3.0 % before", Pressure.Require(3, isBusyAccepted: false));

    [Theory]
    [InlineData("some avg10=1.05 avg60=4.35 avg300=24.80 total=16114925594\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=0\n", 1.05)]
    [InlineData("nothing of the kind", null)]
    public void The_pressure_is_that_of_the_last_ten_seconds(string text, double? percent) => Assert.Equal(percent, Pressure.Read(text));

    [Fact]
    public void Contenders_take_turns_in_going_first()
    {
        string order = string.Concat(Enumerable.Range(0, 4).SelectMany(run => RunOrder.Of(["A", "B"], run)));

        Assert.Equal("ABBAABBA", order);
    }

    [Fact]
    public void Connections_share_a_rate_and_none_sends_with_another()
    {
        SendSchedule[] schedules = [.. Enumerable.Range(0, 4).Select(connection => SendSchedule.Share(1000, perSecond: 10, frequency: 100, connection, connections: 4))];

        long[] sends = [.. schedules.SelectMany(schedule => new[] { schedule.DueOf(0), schedule.DueOf(1), schedule.DueOf(2) }).Order()];

        Assert.Equal([.. Enumerable.Range(0, 12).Select(send => 1000L + (send * 10))], sends);
        Assert.False(schedules[0].IsSaturating);
        Assert.True(SendSchedule.Saturating.IsSaturating);
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(6, 6)]
    [InlineData(100, 6)]
    [InlineData(4, 1)]
    [InlineData(4, 50)]
    public void Every_partition_has_a_connection_and_every_connection_a_partition(int connections, int partitions)
    {
        int[][] each = [.. Enumerable.Range(0, connections).Select(connection => ProducePlan.PartitionsOf(connection, connections, partitions))];

        Assert.All(each, Assert.NotEmpty);
        Assert.Equal(Enumerable.Range(0, partitions), each.SelectMany(own => own).Distinct().Order());
        if (partitions >= connections) Assert.Equal(partitions, each.Sum(own => own.Length));
    }

    [Fact]
    public void A_budget_is_spent_by_its_count()
    {
        var budget = RequestBudget.OfCount(2);

        Assert.Equal([true, true, false], [budget.TryTake(0), budget.TryTake(0), budget.TryTake(0)]);
        Assert.True(budget.IsSpent(0));
    }

    [Fact]
    public void The_time_of_a_budget_begins_when_it_is_first_asked()
    {
        var budget = RequestBudget.OfTime(TimeSpan.FromSeconds(1));
        long first = 1000 + RequestBudget.Ticks(TimeSpan.FromHours(1));

        Assert.True(budget.TryTake(first));
        Assert.True(budget.TryTake(first + RequestBudget.Ticks(TimeSpan.FromSeconds(1)) - 1));
        Assert.False(budget.TryTake(first + RequestBudget.Ticks(TimeSpan.FromSeconds(1))));
    }
}
