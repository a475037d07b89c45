using System.Globalization;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What events change of the reports. Takes them in the order of the log.</summary>
/// <param name="places">Of the orders of events that cannot be counted alone (<see cref="OrderPlace.Asks"/>), as the events before leave them; others may be left out.</param>
internal sealed class Reports(Dictionary<long, OrderPlace> places)
{
    const string TaxParty = "tax:";
    const string Refusal = "calculation";

    public ReportChanges<MerchantDay> Merchants { get; } = new();

    public ReportChanges<TaxDay> Taxes { get; } = new();

    public ReportChanges<DownstreamDay> Downstreams { get; } = new();

    public ReportChanges<DeadLetterView> DeadLetters { get; } = new();

    public void Add(long order, SettlementEvent happened)
    {
        var place = places.GetValueOrDefault(order);
        if (place?.Take(happened) is var (held, change))
        {
            Held(held, change);
        }

        switch (happened)
        {
            case SettlementCalculated e:
                Settled(e);
                break;
            case ReversalCalculated e:
                Reversed(e, order, place);
                break;
            case DeliveryConfirmed e:
                Call(e.Leg, e, row => row with { Confirmed = row.Confirmed + 1, ConfirmedAtOnce = row.ConfirmedAtOnce + (e.Attempt <= 1 ? 1 : 0) });
                break;
            case DeliveryFailed e:
                Call(e.Leg, e, row => row with { FailedAttempts = row.FailedAttempts + 1 });
                break;
            case DeliveryDeadLettered e:
                Call(e.Leg, e, row => row with { DeadLettered = row.DeadLettered + 1 });
                Letter(order, e);
                break;
            case DeliveryReplayed e:
                Call(e.Leg, e, row => row with { Replayed = row.Replayed + 1 });
                Answered(e.Key, (order, e.Leg, e.N), e, row => row with { State = "replayed", By = e.By, Note = e.Note });
                break;
            case DeliveryDiscarded e:
                Call(e.Leg, e, row => row with { Discarded = row.Discarded + 1 });
                Answered(e.Key, (order, e.Leg, e.N), e, row => row with { State = "discarded", By = e.By, Note = e.Note });
                break;
        }
    }

    void Settled(SettlementCalculated e)
    {
        var (day, digits) = (ReportDay.Of(e), Amounts.Digits(e.Currency));
        Merchant(e.MerchantId, day, e.Currency, row => row with
        {
            SettledOrders = row.SettledOrders + 1, SettledMinor = row.SettledMinor + e.Net, Settled = Amounts.Of(row.SettledMinor + e.Net, digits),
        });
        foreach (var country in e.Lines.Where(line => IsTax(line.Party)).GroupBy(line => line.Party[TaxParty.Length..], line => (decimal)line.Amount))
        {
            var minor = country.Sum();
            Tax(country.Key, day, e.Currency, row => row with { Orders = row.Orders + 1, TaxMinor = row.TaxMinor + minor, Tax = Amounts.Of(row.TaxMinor + minor, digits) });
        }
    }

    void Reversed(ReversalCalculated e, long order, OrderPlace? place)
    {
        if (place is not { Merchant: { } merchant, Currency: { Length: > 0 } currency })
        {
            throw new CorruptStateException($"order {order} has a reversal in the event log, and no calculation before it");
        }

        var (day, digits, all) = (ReportDay.Of(e), Amounts.Digits(currency), e.Lines.Sum(line => (decimal)line.Amount));
        Merchant(merchant, day, currency, row => row with { Reversals = row.Reversals + 1, ReversedMinor = row.ReversedMinor + all, Reversed = Amounts.Of(row.ReversedMinor + all, digits) });
        foreach (var country in e.Lines.Where(line => IsTax(line.Party)).GroupBy(line => line.Party[TaxParty.Length..], line => (decimal)line.Amount))
        {
            var minor = country.Sum();
            Tax(country.Key, day, currency, row => row with { Reversals = row.Reversals + 1, ReversedMinor = row.ReversedMinor + minor, Reversed = Amounts.Of(row.ReversedMinor + minor, digits) });
        }
    }

    void Held(HeldPlace held, int change) => Merchant(held.Merchant, held.Day, held.Currency, row =>
    {
        var counted = row with { HeldOrders = row.HeldOrders + change };
        if (row.Digits is not { } digits)
        {
            return counted;
        }

        var minor = (row.HeldMinor ?? 0) + change * held.Minor;
        return counted with { HeldMinor = minor, Held = Amounts.Of(minor, digits) };
    });

    void Letter(long order, DeliveryDeadLettered e)
    {
        var at = OrderViewFold.Instant(e.RecordedAt);
        DeadLetters.Add(
            e.Key, () => new() { Id = e.Key, OrderId = order, Leg = e.Leg, N = e.N, FirstAt = at },
            row => row with { State = "waiting", Reason = e.Reason, Times = row.Times + 1, LastAt = at, By = null, Note = null, AnsweredAt = null });
    }

    /// <summary>What was never seen to wait is told all the same: who gave it up counts.</summary>
    void Answered(string key, (long Order, string Leg, int N) of, SettlementEvent happened, Func<DeadLetterView, DeadLetterView> answer)
    {
        var at = OrderViewFold.Instant(happened.RecordedAt);
        DeadLetters.Add(key, () => new() { Id = key, OrderId = of.Order, Leg = of.Leg, N = of.N, FirstAt = at, LastAt = at }, row => answer(row) with { AnsweredAt = at });
    }

    void Call(string leg, SettlementEvent happened, Func<DownstreamDay, DownstreamDay> change)
    {
        if (leg != Refusal)
        {
            var day = ReportDay.Of(happened);
            var id = $"{leg}|{Text(day)}";
            Downstreams.Add(id, () => new() { Id = id, Leg = leg, Day = day }, change);
        }
    }

    void Merchant(long merchant, DateOnly day, string currency, Func<MerchantDay, MerchantDay> change)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{merchant}|{Text(day)}|{currency}");
        var digits = currency.Length == 0 ? (int?)null : Amounts.Digits(currency);
        Merchants.Add(
            id, () => new() { Id = id, MerchantId = merchant, Day = day, Currency = currency, Digits = digits, HeldMinor = digits is null ? null : 0, Held = digits is null ? null : 0 }, change);
    }

    void Tax(string country, DateOnly day, string currency, Func<TaxDay, TaxDay> change)
    {
        // The country last: it is a text of the source's, the others have no bar in them.
        var id = $"{Text(day)}|{currency}|{country}";
        Taxes.Add(id, () => new() { Id = id, Country = country, Day = day, Currency = currency, Digits = Amounts.Digits(currency) }, change);
    }

    static bool IsTax(string party) => party.StartsWith(TaxParty, StringComparison.Ordinal);

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
