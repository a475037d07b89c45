using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.App.Watching;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

/// <summary>The status of several instances as one.</summary>
public class StatusSumTests
{
    [Fact]
    public void Counts_are_added_and_the_worse_state_is_told()
    {
        var sum = StatusSum.Add(Status(ready: true, 10, late: 100, Health.Good), Status(ready: false, 5, late: 40, Health.Bad));
        Assert.False(sum.Ready);
        Assert.Equal(["because 5"], sum.NotReady);
        Assert.Equal(new FlowAnswer(15, 15, 15, 15, 15, 15, 15, 15, 15, 100, 100), sum.Flow);
        var split = Assert.Single(sum.Downstreams);
        // Dead letters are in a list that each instance has whole.
        Assert.Equal((15, 15, 15, 15, 10, 15.0), (split.InFlight, split.Waiting, split.Retrying, split.Unknown, split.DeadLetters, split.RequestsPerSecond));
        Assert.Equal((Health.Bad, "error 5", 30L, 15L), (split.Health, split.LastError, split.BudgetLimit, split.BudgetUsed));
        Assert.Equal(100, split.BudgetTotal);
        Assert.Equal(1.0 / 3, split.ErrorRatio, 9);
        Assert.Equal((15L, 7L, 15, "away"), (sum.Audit.LagEvents, sum.Audit.Events, sum.Audit.Partitions, sum.Audit.State));
        Assert.Equal((3, 1_000L), (sum.DeadLetters, sum.Source.Changes));
    }

    [Fact]
    public void What_one_does_not_know_yet_is_what_the_other_knows()
    {
        var known = Status(ready: true, 1, late: 7, Health.Good);
        var sum = StatusSum.Add(known with { Flow = known.Flow with { LatenessMsP50 = null, LatenessMsP99 = null } }, known);
        Assert.Equal((7, 7), (sum.Flow.LatenessMsP50, sum.Flow.LatenessMsP99));
    }

    [Fact]
    public void State_that_comes_back_is_added_where_several_get_theirs()
    {
        var none = Status(ready: true, 1, late: 7, Health.Good);
        var some = none with { Restore = new(2, 10, 100) };
        Assert.Equal(new RestoreAnswer(4, 20, 200), StatusSum.Add(some, some).Restore);
        Assert.Equal(some.Restore, StatusSum.Add(none, some).Restore);
        Assert.Equal(some.Restore, StatusSum.Add(some, none).Restore);
        Assert.Null(StatusSum.Add(none, none).Restore);
    }

    [Fact]
    public void Facts_that_nobody_reads_are_told_and_not_taken_as_none()
    {
        var audit = Status(ready: true, 5, late: 7, Health.Good).Audit;
        Assert.Equal("ok", GroupStatus.AllRead(audit, 5).State);
        var some = GroupStatus.AllRead(audit, 8);
        Assert.Equal(("unread", Health.Warning), (some.State, some.Health));
        Assert.StartsWith("3 of 8 partitions", some.Reason, StringComparison.Ordinal);
        Assert.Equal("away", GroupStatus.AllRead(Status(ready: false, 5, late: 7, Health.Bad).Audit, 8).State);
    }

    [Theory]
    [InlineData("", new int[0])]
    [InlineData("4", new[] { 4 })]
    [InlineData("0-3, 7, 9-10", new[] { 0, 1, 2, 3, 7, 9, 10 })]
    public void Partitions_are_written_as_people_write_them(string text, int[] partitions) => Assert.Equal(text, Ranges.Text(partitions));

    static StatusAnswer Status(bool ready, int count, long late, Health health) => new(
        "2026-11-01T00:00:00Z", ready, ready ? [] : [$"because {count}"], new("streaming", "", 1_000, health),
        new(count, count, count, count, count, count, count, count, count, late, late),
        [new("split", count, count, count, count, count, count, health == Health.Bad ? 1 : 0, null, 15, count, "x", health, $"error {count}") { BudgetTotal = 100 }],
        new(health == Health.Bad ? "away" : "ok", null, count, 7, count, health), 3, []);
}
