using StreamSettle.Topology.Settle;
using static StreamSettle.Topology.Settle.LegState;

namespace StreamSettle.Topology.Tests.Deciding;

/// <summary>Which leg may go, over every state of all legs.</summary>
public sealed class LegOrderTests
{
    public static IEnumerable<LegStates> All =>
        from verification in Enum.GetValues<LegState>()
        from split in Enum.GetValues<LegState>()
        from commission in Enum.GetValues<LegState>()
        from tax in Enum.GetValues<LegState>()
        select new LegStates(verification, split, commission, tax);

    [Fact]
    public void Only_a_waiting_leg_goes_and_only_one_that_was_not_sent_falls_and_never_both()
    {
        foreach (var legs in All)
        {
            foreach (var leg in LegStates.All)
            {
                var (goes, falls) = (LegOrder.MayGo(legs, leg), LegOrder.Falls(legs, leg));
                Assert.False(goes && falls);
                Assert.True(legs[leg] == Waiting || (!goes && !LegOrder.MayGoBack(legs, leg)));
                Assert.True(legs[leg] is Waiting or Deferred || !falls);
            }
        }
    }

    [Theory]
    [InlineData(Waiting, Waiting, false, false)]
    [InlineData(Sent, Waiting, false, false)]
    [InlineData(DeadLettered, Waiting, false, false)]
    [InlineData(Confirmed, Waiting, true, false)]
    [InlineData(Confirmed, Sent, false, false)]
    [InlineData(Confirmed, DeadLettered, false, false)]
    [InlineData(Confirmed, Confirmed, false, true)]
    [InlineData(Confirmed, None, false, true)]
    [InlineData(Confirmed, Discarded, false, false)]
    [InlineData(Discarded, Waiting, false, false)]
    public void Split_waits_for_the_verification_and_commission_for_the_split(LegState verification, LegState split, bool splitGoes, bool commissionGoes)
    {
        var legs = new LegStates(verification, split, Waiting, Waiting);
        Assert.Equal(splitGoes, LegOrder.MayGo(legs, Leg.Split));
        Assert.Equal(commissionGoes, LegOrder.MayGo(legs, Leg.Commission));
        Assert.Equal(verification == Confirmed, LegOrder.MayGo(legs, Leg.Tax));
    }

    [Theory]
    [InlineData(None, true)]
    [InlineData(Waiting, false)]
    [InlineData(Sent, false)]
    [InlineData(Confirmed, true)]
    [InlineData(DeadLettered, false)]
    [InlineData(Returned, false)]
    [InlineData(Discarded, true)]
    public void In_a_reversal_commission_waits_until_nothing_is_to_come_of_the_split(LegState split, bool goes) =>
        Assert.Equal(goes, LegOrder.MayGoBack(new(None, split, Waiting, None), Leg.Commission));

    [Fact]
    public void Whatever_the_outcomes_every_settlement_can_end()
    {
        foreach (var legs in All.Where(legs => legs.Verification != None && !legs.AllDone))
        {
            var moves = LegStates.All.ToArray().Any(leg => LegOrder.MayGo(legs, leg) || LegOrder.Falls(legs, leg) || legs[leg] is Sent or DeadLettered or Deferred or Returned);
            Assert.True(moves, legs.ToString());
        }
    }
}
