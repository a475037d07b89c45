using StreamSettle.Topology.Pending;
using static StreamSettle.Topology.Pending.PendingAction;
using static StreamSettle.Topology.Pending.PendingStage;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>The decision before the calculation, as a table.</summary>
public sealed class PendingDeciderTests
{
    static readonly PendingChange Completed = new(true, "", HasCompletedAt: true, SameTerms: false, MarkMoved: false, Ours: true, TooOld: false);
    static readonly PendingChange TakenBack = Completed with { Completed = false, CancelReason = "deleted" };

    [Theory]
    [InlineData(Unknown, Schedule)]
    [InlineData(Idle, Schedule)]
    [InlineData(NotOurs, Nothing)]
    [InlineData(Scheduled, Reschedule)]
    [InlineData(GivenUp, Nothing)]
    [InlineData(HandedOver, Nothing)]
    public void A_completed_row(PendingStage stage, PendingAction expected) => Assert.Equal(new(expected), PendingDecider.Decide(new(stage), Completed));

    [Theory]
    [InlineData(Unknown, Nothing)]
    [InlineData(Idle, Nothing)]
    [InlineData(NotOurs, Nothing)]
    [InlineData(Scheduled, Cancel)]
    [InlineData(Refused, Cancel)]
    [InlineData(GivenUp, Nothing)]
    [InlineData(HandedOver, Nothing)]
    public void A_row_that_is_not(PendingStage stage, PendingAction expected) =>
        Assert.Equal(new(expected, expected == Cancel ? "deleted" : ""), PendingDecider.Decide(new(stage, stage == Refused ? "bad_amount" : null), TakenBack));

    [Theory]
    [InlineData("bad_amount", Reschedule)]
    [InlineData("unknown_currency", Reschedule)]
    [InlineData("no_rules", Reschedule)]
    [InlineData("unknown_merchant", Reschedule)]
    [InlineData("no_completed_at", Schedule)]
    [InlineData("too_old", Schedule)]
    [InlineData("changed_key", Nothing)]
    public void A_changed_row_of_a_refused_order(string refusal, PendingAction expected) =>
        Assert.Equal(expected, PendingDecider.Decide(new(Refused, refusal), Completed).Action);

    [Theory]
    [InlineData("bad_amount", Nothing)]
    [InlineData("unknown_currency", Nothing)]
    [InlineData("no_rules", Nothing)]
    [InlineData("unknown_merchant", Nothing)]
    [InlineData("no_completed_at", Nothing)]
    [InlineData("too_old", Nothing)]
    [InlineData("changed_key", Nothing)]
    [InlineData("unreadable_change", Schedule)]
    public void A_row_of_a_refused_order_that_is_only_read_again(string refusal, PendingAction expected) =>
        Assert.Equal(expected, PendingDecider.Decide(new(Refused, refusal), Completed with { OnlyReadAgain = true, MarkMoved = true }).Action);

    [Theory]
    [InlineData(true, false, Nothing)]
    [InlineData(true, true, Reschedule)]
    [InlineData(false, false, Reschedule)]
    public void A_scheduled_order(bool sameTerms, bool markMoved, PendingAction expected) =>
        Assert.Equal(expected, PendingDecider.Decide(new(Scheduled), Completed with { SameTerms = sameTerms, MarkMoved = markMoved }).Action);

    [Theory]
    [InlineData(Unknown, null, "too_old")]
    [InlineData(Idle, null, "too_old")]
    [InlineData(NotOurs, null, "")]
    [InlineData(Refused, "no_completed_at", "too_old")]
    [InlineData(Refused, "too_old", "too_old")]
    [InlineData(Scheduled, null, "")]
    public void A_row_of_long_ago(PendingStage stage, string? refusal, string reason) =>
        Assert.Equal(reason, PendingDecider.Decide(new(stage, refusal), Completed with { TooOld = true }).Reason);

    [Fact]
    public void What_is_not_ours_is_ignored_before_anything_is_refused()
    {
        Assert.Equal(Ignore, PendingDecider.Decide(new(Unknown, null, KeyChanged: true), Completed with { Ours = false, TooOld = true }).Action);
        Assert.Equal(Ignore, PendingDecider.Decide(new(Idle), Completed with { Ours = false }).Action);
        Assert.Equal(Reschedule, PendingDecider.Decide(new(Scheduled), Completed with { Ours = false }).Action);
    }

    [Fact]
    public void A_changed_key_is_refused_before_what_is_missing()
    {
        Assert.Equal(new(Refuse, "changed_key"), PendingDecider.Decide(new(Idle, null, KeyChanged: true), Completed with { HasCompletedAt = false }));
        Assert.Equal(new(Refuse, "no_completed_at"), PendingDecider.Decide(new(Scheduled), Completed with { HasCompletedAt = false }));
    }
}
