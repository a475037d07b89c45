using StreamSettle.Kernel.Money;
using StreamSettle.Settlement.Results;
using StreamSettle.Topology.Pending;
using StreamSettle.Topology.Settle;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>State and command in, facts out; the same command over the state after them decides nothing.</summary>
public sealed class SettleDeciderTests
{
    const string At = "2026-11-02T00:00:00Z";

    static CommandContext By(string cause) => new(new(42), new(437), cause, At);

    static readonly SettlementState Scheduled = SettlementFold.Of(
        SettlementState.Unknown, [new SettlementScheduled("77", At, 437, At, At), new SettlementDue("77:1", At, At)]);

    static readonly SettlementState Calculated = SettlementFold.Evolve(Scheduled, new SettlementCalculated(
        "77", At, 437, "EUR", 100, 10, 90, "r1", Priority: false, 0, [new("tax:DE", 20, ""), new("merchant:437", 70, "")], At, At));

    static readonly UtcInstant Mark = UtcInstant.Parse(At);

    public static TheoryData<string> Commands => [.. All().Select(entry => entry.Name)];

    static IEnumerable<(string Name, SettlementState State, OrderCommand Command, string Facts)> All() =>
    [
        ("a row that was taken back", Scheduled, Row(completed: false), "SettlementCancelled"),
        ("a row with other terms", Scheduled, Row(), "SettlementRescheduled"),
        ("a row that cannot be read", Scheduled, new TakeUnreadable(By("o/0/7")), "DeliveryDeadLettered"),
        ("a mark that has passed and is recorded", Scheduled, new TakeMark(By("77"), Mark, Mark, Mark), ""),
        ("a mark that lies later now", Scheduled, new TakeMark(By("77"), Mark, Mark + TimeSpan.FromHours(1), Mark), "SettlementRescheduled"),
        ("a mark that lay earlier", Scheduled, new TakeMark(By("77"), Mark, Mark - TimeSpan.FromHours(1), Mark), "SettlementRescheduled SettlementDue"),
        ("an unknown merchant", Scheduled, new Divide(By("77"), null, [], Mark), "DeliveryDeadLettered"),
        ("a refund of all", Scheduled, new Divide(By("77"), Cancelled.Instance, [], Mark), "SettlementCancelled"),
        ("a result before there is a call", Scheduled, Result("42:verification:0", DeliveryOutcome.Confirmed), ""),
        ("a division after the calculation", Calculated, new Divide(By("77"), null, [], Mark), ""),
        ("a confirmed call", Calculated, Result("42:verification:0", DeliveryOutcome.Confirmed), "DeliveryConfirmed"),
        ("a result of a call that was not sent", Calculated, Result("42:split:0", DeliveryOutcome.Confirmed), ""),
        ("a result of no reversal of ours", Calculated, Result("42:split:3", DeliveryOutcome.Confirmed), ""),
        ("a discarded verification", Dead("verification"), Result("42:verification:0", DeliveryOutcome.Discarded), "DeliveryDiscarded DeliveryDiscarded DeliveryDiscarded SettlementCompleted"),
        ("a raised refund", Calculated, Refund(20), "ReversalRequested"),
        ("a refund that is known", Calculated, Refund(10), ""),
        ("a refund above the gross", Calculated, Refund(101), "DeliveryDeadLettered"),
        ("a reversal whose turn it is not", Calculated, new StartReversal(By("78"), []), ""),
        ("a replay of what was not refused", Calculated, new ReplayRefund(By("ann@1"), 1, "ann"), ""),
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_is_decided_and_nothing_the_second_time(string name)
    {
        var (_, state, command, facts) = All().Single(entry => entry.Name == name);
        var events = SettleDecider.Decide(state, command);
        Assert.Equal(facts, string.Join(' ', events.Select(happened => happened.GetType().Name)));
        Assert.Empty(SettleDecider.Decide(SettlementFold.Of(state, events), Again(command, events)));
    }

    /// <summary>What is taken back or rescheduled is asked about once more from where it stands then.</summary>
    static OrderCommand Again(OrderCommand command, IReadOnlyList<SettlementEvent> events) =>
        command is TakeRow row && events.Count > 0 ? row with { Change = row.Change with { SameTerms = true, MarkMoved = false } } : command;

    static TakeRow Row(bool completed = true) => new(
        By("78"), new(completed, "deleted", HasCompletedAt: true, SameTerms: false, MarkMoved: false, Ours: true, TooOld: false), false, false, Mark, Mark);

    static TakeResult Result(string key, DeliveryOutcome outcome) =>
        new(new(outcome, CallKey.TryParse(key, out var parsed) ? parsed : default, new(437), 1, Mark, "said", "ann", "r1"), At);

    static TakeRefund Refund(long minor) => new(By("78"), new DecimalAmount(minor, 2), KeyChanged: false, Mark);

    static SettlementState Dead(string leg) =>
        SettlementFold.Evolve(Calculated, new DeliveryDeadLettered("c", At, $"42:{leg}:0", leg, 0, 20, "503"));
}
