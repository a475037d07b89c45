using System.Diagnostics.Metrics;
using StreamSettle.Topology.Payouts;
using StreamSettle.Topology.Tallies;

namespace StreamSettle.App.Payouts;

/// <summary>The metrics of payouts that wait, under the meter <c>StreamSettle.Payouts</c>: of this instance.</summary>
sealed class PayoutMeter : IDisposable
{
    const string Unit = "{split}";

    readonly Meter meter = new("StreamSettle.Payouts");

    public PayoutMeter(SettlementTallies tallies) =>
        meter.CreateObservableGauge("streamsettle.payouts.waiting", () => Waiting(tallies.Payouts), Unit, "Splits that payout terms keep back, by what they wait for");

    public void Dispose() => meter.Dispose();

    static IEnumerable<Measurement<long>> Waiting(PayoutsSeen seen) =>
    [
        For(seen.Due.Where(due => due.At is not null).Sum(due => due.Sum.Count), "day"),
        For(seen.Gathering.Sum(one => one.Sum.Count), "minimum"),

        // What nobody can date does not go by itself: worth an alert.
        For(seen.Due.Where(due => due.At is null).Sum(due => due.Sum.Count), "unknown"),
    ];

    static Measurement<long> For(long splits, string what) => new(splits, new KeyValuePair<string, object?>("for", what));
}
