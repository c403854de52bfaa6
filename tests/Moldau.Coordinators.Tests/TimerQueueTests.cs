namespace Moldau.Coordinators.Tests;

public sealed class TimerQueueTests
{
    private static readonly TimerKey A = new(TimerKind.Session, "g", "a"), B = new(TimerKind.Session, "g", "b");

    private readonly TimerQueue timers = new();

    [Fact]
    public void Nothing_is_due_before_its_deadline()
    {
        timers.Apply(new TimerCommand(A, 10));
        Assert.False(timers.TryTakeDue(9, out _));
        Assert.True(timers.TryTakeDue(10, out TimerKey key));
        Assert.Equal(A, key);
        Assert.Equal(0, timers.Count);
    }

    [Fact]
    public void Timers_fire_by_deadline_and_in_the_order_they_were_set()
    {
        timers.Apply(new TimerCommand(B, 10));
        timers.Apply(new TimerCommand(A, 10));
        timers.Apply(new TimerCommand(new TimerKey(TimerKind.Join, "g"), 5));
        Assert.Equal([TimerKind.Join, TimerKind.Session, TimerKind.Session], Drain().Select(key => key.Kind));
    }

    [Fact]
    public void A_timer_that_is_set_again_fires_once_at_its_last_deadline()
    {
        timers.Apply(new TimerCommand(A, 10));
        timers.Apply(new TimerCommand(A, 30));
        Assert.Equal(30, timers.NextDeadlineMs);
        timers.Apply(new TimerCommand(A, 20));
        Assert.Equal(20, timers.NextDeadlineMs);
        Assert.False(timers.TryTakeDue(19, out _));
        Assert.Equal([A], Drain());
    }

    [Fact]
    public void A_cancelled_timer_does_not_fire_even_if_it_is_set_anew_for_later()
    {
        timers.Apply(new TimerCommand(A, 10));
        timers.Apply(new TimerCommand(A, null));
        Assert.Null(timers.NextDeadlineMs);
        timers.Apply(new TimerCommand(A, 50));
        Assert.False(timers.TryTakeDue(49, out _));
        Assert.True(timers.TryTakeDue(50, out _));
    }

    [Fact]
    public void Heartbeats_of_many_members_cost_no_more_than_the_members()
    {
        for (int round = 0; round < 100; round++)
        {
            for (int member = 0; member < 100; member++)
            {
                var key = new TimerKey(TimerKind.Session, "g", $"{member}");
                if (round % 7 == 0) timers.Apply(new TimerCommand(key, null));
                timers.Apply(new TimerCommand(key, 1_000 + round));
            }
        }

        Assert.Equal(100, timers.Count);
        Assert.False(timers.TryTakeDue(1_098, out _));
        Assert.Equal(100, Drain().Count);
    }

    private List<TimerKey> Drain()
    {
        var fired = new List<TimerKey>();
        while (timers.TryTakeDue(long.MaxValue, out TimerKey key)) fired.Add(key);
        return fired;
    }
}
