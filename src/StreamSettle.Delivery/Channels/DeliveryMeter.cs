using System.Diagnostics.Metrics;
using StreamSettle.Delivery.Answers;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Channels;

/// <summary>The metrics of one channel, under the meter <c>StreamSettle.Delivery</c>, each with the tag <c>leg</c>.</summary>
internal sealed class DeliveryMeter : IDisposable
{
    internal const string Name = "StreamSettle.Delivery";

    readonly Meter meter = new(Name);
    readonly Counter<long> answers;
    readonly Histogram<double> duration;
    readonly Counter<long> invoices;
    readonly KeyValuePair<string, object?> leg;

    internal DeliveryMeter(DownstreamChannel channel)
    {
        leg = new("leg", channel.Leg.Name());
        answers = meter.CreateCounter<long>("streamsettle.delivery.answers", "{call}", "Answers to calls, by what they mean");
        duration = meter.CreateHistogram<double>("streamsettle.delivery.request.duration", "s", "From the start of a request to its answer or failure");
        meter.CreateObservableGauge("streamsettle.delivery.calls", () => Calls(channel), "{call}", "Calls that are not over, by where they stand; retrying: lanes whose first call waits for its time");
        meter.CreateObservableGauge("streamsettle.delivery.order-broken", () => OrderBroken(channel), "1", "1 since a system that is to work through batches in order was seen not to, until the next start; absent without BatchOrder=InOrder");
        invoices = meter.CreateCounter<long>("streamsettle.delivery.invoices", "{invoice}", "Invoices that had been left out, by what became of them");
        meter.CreateObservableGauge("streamsettle.delivery.breaker", () => new Measurement<int>((int)channel.Status().Breaker.Mode, leg), "{mode}", "0 closed, 1 degraded, 2 away");
        meter.CreateObservableGauge("streamsettle.delivery.breaker.error-ratio", () => ErrorRatio(channel), "1", "Share of the system's errors among the outcomes of the breaker's window; absent while there are too few to tell");
        meter.CreateObservableGauge("streamsettle.delivery.budget.used", () => new Measurement<long>(channel.Status().Budget.Used, leg), "{request}", "Requests used of the tightest limit");
        meter.CreateObservableGauge("streamsettle.delivery.budget.limit", () => Known(channel.Status().Budget.Limit), "{request}", "The tightest limit of requests a window, this process's share of it; absent where none is known");
        meter.CreateObservableGauge("streamsettle.delivery.budget.total", () => Known(channel.Status().Budget.Total), "{request}", "The same limit over all instances");
    }

    public void Dispose() => meter.Dispose();

    internal void Answered(TimeSpan took, ReadOnlySpan<CallAnswer> meanings)
    {
        duration.Record(took.TotalSeconds, leg);
        if (answers.Enabled)
        {
            foreach (var meaning in meanings)
            {
                answers.Add(1, leg, new("outcome", OutcomeOf(meaning)));
            }
        }
    }

    /// <param name="delivered">Else given up.</param>
    internal void InvoiceOver(bool delivered) => invoices.Add(1, leg, new("outcome", delivered ? "delivered" : "given-up"));

    IEnumerable<Measurement<double>> ErrorRatio(DownstreamChannel channel) => channel.Status().Rates.WindowErrorRatio is { } ratio ? [new(ratio, leg)] : [];

    IEnumerable<Measurement<int>> OrderBroken(DownstreamChannel channel) =>
        channel.Options.BatchOrder == BatchOrder.InOrder ? [new(channel.Status().OrderBreach is null ? 0 : 1, leg)] : [];

    IEnumerable<Measurement<long>> Calls(DownstreamChannel channel)
    {
        var calls = channel.Status().Calls;
        yield return new(calls.InFlight, leg, new("state", "in-flight"));
        yield return new(calls.Waiting, leg, new("state", "waiting"));
        yield return new(calls.Retrying, leg, new("state", "retrying"));
        yield return new(calls.Unknown, leg, new("state", "unknown"));
        yield return new(calls.DeadLetters, leg, new("state", "dead-letter"));
        yield return new(calls.Invoices, leg, new("state", "invoice"));
    }

    IEnumerable<Measurement<long>> Known(long? limit) => limit is { } known ? [new(known, leg)] : [];

    static string OutcomeOf(CallAnswer meaning) => meaning switch
    {
        CallAnswer.Delivered => "delivered",
        CallAnswer.Rejected => "rejected",
        CallAnswer.RetryLater => "retry-later",
        CallAnswer.CredentialsRefused => "credentials-refused",
        CallAnswer.Unknown => "unknown",
        CallAnswer.NeverSent => "never-sent",
        CallAnswer.SendAgain => "send-again",
        CallAnswer.NotReached => "not-reached",
        CallAnswer.NotFound => "not-found",
        _ => "withheld",
    };
}
