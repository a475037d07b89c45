using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class PunctuationTests
{
    readonly List<UtcInstant> fired = [];
    IDisposable schedule = null!;

    [Fact]
    public void Advancing_the_drivers_time_fires_every_interval_at_its_time()
    {
        using var driver = Driver(TimeSpan.FromHours(8));

        driver.AdvanceTime(TimeSpan.FromDays(1));

        Assert.Equal([8.0, 16.0, 24.0], fired.Select(at => (at - TextDriver.Start).TotalHours));
        Assert.Equal(TextDriver.Start + TimeSpan.FromDays(1), UtcInstant.Now(driver.Time));
    }

    [Fact]
    public void A_cancelled_schedule_fires_no_more_even_from_within()
    {
        using var driver = Driver(TimeSpan.FromSeconds(1), () => schedule.Dispose());

        driver.AdvanceTime(TimeSpan.FromSeconds(5));

        Assert.Single(fired);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(30_000)]
    public void A_wall_clock_that_is_set_moves_no_schedule_and_is_what_punctuators_are_told(double hours)
    {
        using var driver = Driver(TimeSpan.FromSeconds(10));
        var jump = TimeSpan.FromHours(hours);

        driver.AdvanceTime(TimeSpan.FromSeconds(15));
        driver.Time.JumpWall(jump);
        driver.AdvanceTime(TimeSpan.FromSeconds(4));
        Assert.Single(fired);
        driver.AdvanceTime(TimeSpan.FromSeconds(11));

        Assert.Equal([10, 20 + jump.TotalSeconds, 30 + jump.TotalSeconds], fired.Select(at => (at - TextDriver.Start).TotalSeconds));
    }

    [Fact]
    public void Tasks_that_begin_at_different_times_fire_together_at_the_multiples_of_their_interval()
    {
        using var driver = Driver(TimeSpan.FromSeconds(1));

        driver.AdvanceTime(TimeSpan.FromMilliseconds(1_300));
        driver.Crash();
        driver.AdvanceTime(TimeSpan.FromMilliseconds(1_700));

        Assert.Equal([1.0, 2.0, 3.0], fired.Select(at => (at - TextDriver.Start).TotalSeconds));
    }

    [Theory]
    [InlineData(200, 200, 1_200)]
    [InlineData(1_200, 200, 1_200)]
    [InlineData(0, 1_000, 2_000)]
    public void A_phase_is_how_much_later_than_the_multiples_a_schedule_fires(int phaseMs, int firstMs, int secondMs)
    {
        using var driver = Driver(TimeSpan.FromSeconds(1), phase: TimeSpan.FromMilliseconds(phaseMs));

        driver.AdvanceTime(TimeSpan.FromSeconds(2));

        Assert.Equal([firstMs, secondMs], fired.Select(at => (int)(at - TextDriver.Start).TotalMilliseconds));
    }

    [Fact]
    public void Intervals_finer_than_a_millisecond_are_kept()
    {
        using var driver = Driver(TimeSpan.FromMicroseconds(250));

        driver.AdvanceTime(TimeSpan.FromMilliseconds(1));

        Assert.Equal([250L, 500, 750, 1000], fired.Select(at => at.Microseconds - TextDriver.Start.Microseconds));
    }

    [Fact]
    public void A_lazy_schedule_fires_when_it_is_due_and_wakes_nobody()
    {
        var fires = 0;
        var changes = 0;
        var schedules = new PunctuationSchedules(() => changes++);
        var lazy = schedules.Add(100, TimeSpan.FromMicroseconds(100), _ => fires++);
        Assert.Equal(100, schedules.NextWakeUs);

        lazy.IsLazy = true;
        Assert.Equal((100, long.MaxValue), (schedules.NextDueUs, schedules.NextWakeUs));
        Assert.True(schedules.Punctuate(100, TextDriver.Start));
        Assert.Equal((1, 200, long.MaxValue), (fires, schedules.NextDueUs, schedules.NextWakeUs));

        changes = 0;
        lazy.IsLazy = false;
        Assert.Equal((200, 200, 1), (schedules.NextDueUs, schedules.NextWakeUs, changes));
    }

    TopologyDriver Driver(TimeSpan interval, Action? then = null, TimeSpan phase = default)
    {
        void Init(ProcessorContext context) => schedule = context.Schedule(interval, PunctuationType.WallClockTime, at =>
        {
            fired.Add(at);
            then?.Invoke();
        }, phase);
        var topology = new TopologyBuilder().AddTextSource("source", "input")
            .AddProcessor("p", () => new TextProcessor(Init, (_, _, _) => { }), "source").Build("app", 1);
        return new(topology, TextDriver.Start);
    }
}
