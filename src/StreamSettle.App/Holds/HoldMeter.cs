using System.Diagnostics.Metrics;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.App.Holds;

/// <summary>The metrics of holds, under the meter <c>StreamSettle.Holds</c>.</summary>
sealed class HoldMeter : IDisposable
{
    readonly Meter meter = new("StreamSettle.Holds");

    public HoldMeter(HoldBook book, SettlementTallies tallies, TimeProvider time)
    {
        meter.CreateObservableGauge("streamsettle.holds", () => Standing(book.Current, UtcInstant.Now(time)), "{hold}", "Holds that stand, by how far they reach");
        meter.CreateObservableGauge("streamsettle.holds.orders", () => tallies.Settle.Held, "{order}", "Orders of which a hold keeps something back, of this instance");
    }

    public void Dispose() => meter.Dispose();

    static IEnumerable<Measurement<int>> Standing(HoldSet holds, UtcInstant now) => Enum.GetValues<HoldReach>().Select(reach =>
        new Measurement<int>(holds.All.Count(hold => hold.Scope.Reach == reach && hold.StandsAt(now)), new KeyValuePair<string, object?>("reach", NameOf(reach))));

    static string NameOf(HoldReach reach) => reach switch
    {
        HoldReach.Merchant => "merchant",
        HoldReach.Order => "order",
        HoldReach.Downstream => "downstream",
        _ => "everything",
    };
}
