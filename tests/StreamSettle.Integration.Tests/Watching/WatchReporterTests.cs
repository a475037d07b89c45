using Microsoft.Extensions.Logging;
using StreamSettle.App.Watching;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Clock;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

/// <summary>Each turn for the worse and back is one line.</summary>
public class WatchReporterTests
{
    static readonly Sight Well = new();

    readonly LinesOf lines = new();
    readonly HandClock clock = new();
    readonly WatchReporter reporter;

    public WatchReporterTests() => reporter = new(lines, clock);

    [Fact]
    public void The_first_firing_is_told_once()
    {
        Look(new() { Closed = [new(ClosedBy.CatchingUp, "tables are being read")] });
        Assert.Equal([(9007, LogLevel.Information)], Told());
        Look(new() { Closed = [new(ClosedBy.Start, "not read yet")] });
        Assert.Equal([(9007, LogLevel.Information)], Told());
        Look(new() { Closed = [new(ClosedBy.Start, "still not")] });
        Assert.Empty(Told());
        Look(Well);
        Assert.Equal([(9001, LogLevel.Information)], Told());
        Look(Well);
        Assert.Empty(Told());
    }

    [Fact]
    public void A_lost_source_is_told_once_though_its_text_counts_on_and_so_is_its_end()
    {
        Look(Well);
        Told();
        Look(Lost("1 s"));
        Assert.Equal([(9010, LogLevel.Error), (9002, LogLevel.Error)], Told());
        clock.Advance(TimeSpan.FromSeconds(25));
        Look(Lost("26 s"));
        Assert.Empty(Told());
        Look(new() { Closed = [new(ClosedBy.CatchingUp, "reads on")] });
        Assert.Equal([(9011, "source found again after 25 s")], lines.Take().Select(line => (line.Id, line.Text)));
        Look(Well);
        Assert.Equal([(9008, "firing goes on after 25 s")], lines.Take().Select(line => (line.Id, line.Text)));
        Look(Lost("1 s"));
        Assert.Equal([(9010, LogLevel.Error), (9002, LogLevel.Error)], Told());
    }

    [Fact]
    public void One_stop_of_firing_is_one_error_whatever_reasons_follow_each_other()
    {
        Look(Well);
        Told();
        Look(new() { Closed = [new(ClosedBy.Silence, "unheard for 2 s")] });
        Assert.Equal([(9002, LogLevel.Error)], Told());
        Look(Lost("1 s"));
        Assert.Equal([(9010, LogLevel.Error), (9009, LogLevel.Warning)], Told());
        Look(Lost("2 s") with { Closed = [new(ClosedBy.SourceLost, "2 s"), new(ClosedBy.Pressure, "too far behind")] });
        Assert.Equal([(9009, "still not firing: too far behind")], lines.Take().Select(line => (line.Id, line.Text)));
        Look(new() { Closed = [new(ClosedBy.Silence, "unheard for 9 s")] });
        Assert.Equal([(9011, LogLevel.Information)], Told());
        Look(new() { Closed = [new(ClosedBy.CatchingUp, "reads on")] });
        Assert.Empty(Told());
        Look(Well);
        Assert.Equal([(9008, LogLevel.Information)], Told());
        Look(new() { Closed = [new(ClosedBy.Silence, "unheard for 2 s")] });
        Assert.Equal([(9002, LogLevel.Error)], Told());
    }

    [Fact]
    public void A_source_that_is_lost_before_the_first_firing_is_an_error_too()
    {
        Look(new() { Closed = [new(ClosedBy.Start, "not read yet")] });
        Assert.Equal([(9007, LogLevel.Information)], Told());
        Look(Lost("1 s"));
        Assert.Equal([(9010, LogLevel.Error), (9002, LogLevel.Error)], Told());
        Look(new() { Closed = [new(ClosedBy.Start, "not read yet")] });
        Assert.Equal([(9011, LogLevel.Information)], Told());
        Look(Well);
        Assert.Equal([(9001, LogLevel.Information)], Told());
    }

    [Fact]
    public void A_lost_event_log_is_told_once_and_when_it_is_back()
    {
        Look(Well);
        Told();
        Look(Well with { EventLog = new(new UtcInstant(0), "refused\nby the server", 7) });
        Assert.Equal([(9012, "event log lost: refused by the server")], lines.Take().Select(line => (line.Id, line.Text)));
        Look(Well with { EventLog = new(new UtcInstant(0), "still", 7) });
        Assert.Empty(Told());
        Look(Well);
        Assert.Equal([(9013, LogLevel.Information)], Told());
    }

    [Fact]
    public void A_downstream_is_told_of_when_it_gets_worse_and_when_it_is_well_again()
    {
        Look(With(SystemState.Well));
        Told();
        Look(With(SystemState.Degraded));
        Assert.Equal([(9014, LogLevel.Warning)], Told());
        Look(With(SystemState.Away));
        Assert.Equal([(9014, LogLevel.Warning)], Told());
        Look(With(SystemState.Degraded));
        Assert.Empty(Told());
        Look(With(SystemState.Well));
        Assert.Equal([(9015, LogLevel.Information)], Told());
    }

    [Fact]
    public void A_storm_of_dead_letters_is_a_line_a_minute_for_each_kind()
    {
        Look(Well);
        Told();
        for (var second = 0; second < 125; second++)
        {
            Look(Well with { DeadLetters = [new("tax", "422", 1 + second * 80, $"{second}:tax:0", "422: no"), new("calculation", "bad_amount", 1, "1:calculation:0", "bad_amount")] });
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var said = lines.Take();
        Assert.Equal(4, said.Count);
        Assert.All(said, line => Assert.Equal((9016, LogLevel.Warning), (line.Id, line.Level)));
        Assert.StartsWith("dead letters: 1 more at tax, the last 0:tax:0: 422: no.", said[0].Text, StringComparison.Ordinal);
        Assert.Contains("An amount is missing", said[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("dead letters: 4800 more at tax", said[2].Text, StringComparison.Ordinal);
    }

    static Sight Lost(string text) => new() { SourceLost = text, Closed = [new(ClosedBy.SourceLost, text)] };

    static Sight With(SystemState state) => Well with { Systems = new Dictionary<Leg, SystemSight> { [Leg.Tax] = new(state, "so and so") } };

    void Look(Sight sight) => reporter.Report(sight);

    IEnumerable<(int Id, LogLevel Level)> Told() => [.. lines.Take().Select(line => (line.Id, line.Level))];

    sealed class HandClock : TimeProvider
    {
        long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
