namespace StreamSettle.Topology.Tests.Rebuilding;

/// <summary>Of what a settlement's state says, the event log and the source say all: a rebuild at any moment makes the state that there is, and what follows after it is what would have followed.</summary>
public sealed class RebuiltLivesTests
{
    const int Lives = 12;

    [Fact]
    public void At_every_point_of_a_life_a_rebuild_makes_what_there_is_and_no_key_ever_goes_with_other_bytes()
    {
        var (losses, leftOut, returned) = (0, 0, 0);
        Seeds.Each(
            Lives,
            seed =>
            {
                using var life = new RebuiltLife(seed);
                life.Run();
                Assert.Equal(life.System.Effects.Distinct(), life.System.Effects);
                Assert.All(life.System.Posts.GroupBy(post => post.Key), posts => Assert.Single(posts.Select(post => post.Body).Distinct()));
                Assert.All(life.Bench.Facts.Orders, order => Assert.True(IsAtItsEnd(life.Bench.Told(order)), $"order {order}: {string.Join(", ", life.Bench.Told(order))}"));
                var events = life.Bench.Facts.Orders.SelectMany(order => life.Bench.Events(order)).ToList();
                Assert.Equal(
                    events.OfType<DeliveryConfirmed>().Where(e => e is { InvoiceLeftOut: true, N: 0 }).Select(e => e.Key).Order(), events.OfType<InvoiceDelivered>().Select(e => e.Key).Order());
                losses += life.Losses;
                leftOut += events.OfType<InvoiceDelivered>().Count();
                returned += events.OfType<DeliveryReturned>().Count();
            });
        if (Environment.GetEnvironmentVariable("STREAMSETTLE_SEED") is null)
        {
            Assert.True(losses > 0 && leftOut > 0 && returned > 0, $"{losses} losses, {leftOut} invoices that were left out and {returned} returns show nothing");
        }
    }

    static bool IsAtItsEnd(string[] told) =>
        told.Contains("SettlementCompleted") || told.Contains("SettlementCancelled") || told[^1] == "DeliveryDeadLettered" || told.Contains("DeliveryDiscarded");
}
