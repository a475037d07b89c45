using StreamSettle.Audit.Events;
using Xunit;

namespace StreamSettle.Audit.Tests.Events;

public sealed class EventKindsTests
{
    [Fact]
    public void Every_event_of_the_family_has_a_kind_of_its_own_name()
    {
        var family = typeof(SettlementEvent).Assembly.GetTypes().Where(type => type.BaseType == typeof(SettlementEvent));

        Assert.Equal(family.Select(type => type.Name).Order(), EventKinds.All.Select(kind => kind.ToString()).Order());
        Assert.All(EventKinds.All, kind => Assert.Equal(kind.ToString(), kind.ClrType().Name));
    }

    [Fact]
    public void Tags_stand_in_records_that_exist_and_never_change() =>
        Assert.Equal(
            "1 SettlementScheduled, 2 SettlementRescheduled, 3 SettlementCancelled, 4 SettlementHeld, 5 SettlementReleased, 6 SettlementDue, 7 SettlementCalculated, "
            + "8 DeliveryConfirmed, 9 DeliveryFailed, 10 DeliveryDeadLettered, 11 DeliveryReplayed, 12 DeliveryDiscarded, 13 InvoiceDelivered, "
            + "14 SettlementCompleted, 15 ReversalRequested, 16 ReversalCalculated, 17 ReversalCompleted, "
            + "18 PayoutDeferred, 19 PayoutReleased, 20 DeliveryReturned",
            string.Join(", ", EventKinds.All.Select(kind => $"{(byte)kind} {kind}")));

    [Fact]
    public void Aliases_lead_back_to_their_kinds()
    {
        Assert.All(EventKinds.All, kind => Assert.True(EventKinds.TryFromAlias(kind.Alias(), out var back) && back == kind));
        Assert.False(EventKinds.TryFromAlias("SettlementDue", out _));
    }
}
