using System.Globalization;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>The views as whoever knows nothing of projections would count them: every row by going through the whole log.</summary>
static class NaiveViews
{
    static readonly Dictionary<string, int> Digits = new() { ["EUR"] = 2, ["JPY"] = 0, ["KWD"] = 3 };

    public static IEnumerable<OrderView> Orders(List<(long Order, SettlementEvent Happened)> log) => log.GroupBy(one => one.Order, one => one.Happened).Select(Order);

    public static IEnumerable<MerchantDay> Merchants(List<(long Order, SettlementEvent Happened)> log)
    {
        var settled = Of<SettlementCalculated>(log).Select(one => (Row: (one.Happened.MerchantId, Day(one.Happened), one.Happened.Currency), Kind: "settled", Minor: (decimal)one.Happened.Net, Change: 1));
        var reversed = Of<ReversalCalculated>(log).Select(one =>
        {
            var calculated = Calculated(log, one.Order)!;
            return (Row: (calculated.MerchantId, Day(one.Happened), calculated.Currency), Kind: "reversed", Minor: one.Happened.Lines.Sum(line => (decimal)line.Amount), Change: 1);
        });
        return settled.Concat(reversed).Concat(log.Select(one => one.Order).Distinct().SelectMany(order => Holds([.. log.Where(one => one.Order == order).Select(one => one.Happened)])))
            .GroupBy(one => one.Row).Select(row => MerchantDay(row.Key, [.. row.Select(one => (one.Kind, one.Minor, one.Change))]));
    }

    public static IEnumerable<TaxDay> Taxes(List<(long Order, SettlementEvent Happened)> log)
    {
        var settled = Of<SettlementCalculated>(log).SelectMany(one => one.Happened.Lines.Where(line => line.Party.StartsWith("tax:", StringComparison.Ordinal))
            .Select(line => (Row: (line.Party[4..], Day(one.Happened), one.Happened.Currency), Taken: (decimal)line.Amount, Back: (decimal?)null)));
        var reversed = Of<ReversalCalculated>(log).SelectMany(one => one.Happened.Lines.Where(line => line.Party.StartsWith("tax:", StringComparison.Ordinal))
            .Select(line => (Row: (line.Party[4..], Day(one.Happened), Calculated(log, one.Order)!.Currency), Taken: 0m, Back: (decimal?)line.Amount)));
        return settled.Concat(reversed).GroupBy(one => one.Row).Select(row =>
        {
            var ((country, day, currency), taken, back) = (row.Key, row.Sum(one => one.Taken), row.Sum(one => one.Back ?? 0));
            return new TaxDay
            {
                Id = $"{Text(day)}|{currency}|{country}", Country = country, Day = day, Currency = currency, Digits = Digits[currency],
                Orders = row.Count(one => one.Back is null), TaxMinor = taken, Tax = Amount(taken, currency),
                Reversals = row.Count(one => one.Back is not null), ReversedMinor = back, Reversed = Amount(back, currency),
            };
        });
    }

    public static IEnumerable<DownstreamDay> Downstreams(List<(long Order, SettlementEvent Happened)> log) => log.Select(one => (Leg: LegOf(one.Happened), one.Happened))
        .Where(one => one.Leg != "calculation").GroupBy(one => (one.Leg, Day: Day(one.Happened))).Select(row => new DownstreamDay
    {
        Id = $"{row.Key.Leg}|{Text(row.Key.Day)}", Leg = row.Key.Leg, Day = row.Key.Day,
        Confirmed = row.Count(one => one.Happened is DeliveryConfirmed), ConfirmedAtOnce = row.Count(one => one.Happened is DeliveryConfirmed { Attempt: 1 }),
        FailedAttempts = row.Count(one => one.Happened is DeliveryFailed), DeadLettered = row.Count(one => one.Happened is DeliveryDeadLettered),
        Replayed = row.Count(one => one.Happened is DeliveryReplayed), Discarded = row.Count(one => one.Happened is DeliveryDiscarded),
    });

    public static IEnumerable<DeadLetterView> DeadLetters(List<(long Order, SettlementEvent Happened)> log) => Of<DeliveryDeadLettered>(log).GroupBy(one => one.Happened.Key).Select(key =>
    {
        var (order, last) = key.Last();
        var answer = log.Select(one => one.Happened).SkipWhile(one => one != last).LastOrDefault(one => one is DeliveryReplayed e && e.Key == key.Key || one is DeliveryDiscarded d && d.Key == key.Key);
        return new DeadLetterView
        {
            Id = key.Key, OrderId = order, Leg = last.Leg, N = last.N, Reason = last.Reason, Times = key.Count(), FirstAt = At(key.First().Happened.RecordedAt), LastAt = At(last.RecordedAt),
            State = answer switch { null => "waiting", DeliveryReplayed => "replayed", _ => "discarded" },
            By = answer switch { DeliveryReplayed e => e.By, DeliveryDiscarded e => e.By, _ => null },
            Note = answer switch { DeliveryReplayed e => e.Note, DeliveryDiscarded e => e.Note, _ => null },
            AnsweredAt = answer is null ? null : At(answer.RecordedAt),
        };
    });

    static string LegOf(SettlementEvent happened) => happened switch
    {
        DeliveryConfirmed e => e.Leg, DeliveryFailed e => e.Leg, DeliveryDeadLettered e => e.Leg, DeliveryReplayed e => e.Leg, DeliveryDiscarded e => e.Leg, _ => "calculation",
    };

    /// <summary>The times in which an order was held by anything: that it began, and that it ended.</summary>
    static IEnumerable<((long, DateOnly, string) Row, string Kind, decimal Minor, int Change)> Holds(List<SettlementEvent> stream)
    {
        var scopes = new HashSet<string>();
        ((long, DateOnly, string), string, decimal, int)? open = null;
        for (var at = 0; at < stream.Count; at++)
        {
            if (stream[at] is SettlementHeld held && scopes.Add(held.Scope) && scopes.Count == 1)
            {
                var before = stream[..at];
                var calculated = before.OfType<SettlementCalculated>().LastOrDefault();
                var minor = (calculated?.Net ?? 0) - before.OfType<ReversalCalculated>().Sum(one => one.Lines.Sum(line => (decimal)line.Amount));
                open = ((Merchant(before), Day(held), calculated?.Currency ?? ""), "held", minor, 1);
            }
            else if (stream[at] is SettlementReleased released && scopes.Remove(released.Scope) && scopes.Count == 0)
            {
                // What a release leaves is a row all the same.
                yield return (open!.Value.Item1, "held", 0, 0);
                open = null;
            }
        }

        if (open is { } still)
        {
            yield return still;
        }
    }

    static MerchantDay MerchantDay((long Merchant, DateOnly Day, string Currency) key, List<(string Kind, decimal Minor, int Change)> row)
    {
        (long Count, decimal Minor) Sum(string kind) => (row.Where(one => one.Kind == kind).Sum(one => one.Change), row.Where(one => one.Kind == kind).Sum(one => one.Minor));
        var (settled, reversed, held, isKnown) = (Sum("settled"), Sum("reversed"), Sum("held"), key.Currency.Length > 0);
        return new()
        {
            Id = $"{key.Merchant}|{Text(key.Day)}|{key.Currency}", MerchantId = key.Merchant, Day = key.Day, Currency = key.Currency, Digits = isKnown ? Digits[key.Currency] : null,
            SettledOrders = settled.Count, SettledMinor = settled.Minor, Settled = Amount(settled.Minor, key.Currency),
            Reversals = reversed.Count, ReversedMinor = reversed.Minor, Reversed = Amount(reversed.Minor, key.Currency),
            HeldOrders = held.Count, HeldMinor = isKnown ? held.Minor : null, Held = isKnown ? Amount(held.Minor, key.Currency) : null,
        };
    }

    static OrderView Order(IGrouping<long, SettlementEvent> stream)
    {
        var events = stream.ToList();
        var calculated = events.OfType<SettlementCalculated>().LastOrDefault();
        var last = events.Last(one => one is SettlementScheduled or SettlementRescheduled or SettlementCancelled or SettlementDue or SettlementCalculated or SettlementCompleted or DeliveryDeadLettered { Leg: "calculation", N: 0 });
        var scheduled = events.OfType<SettlementRescheduled>().Select(one => (one.CompletedAt, one.DueAt)).LastOrDefault(events.OfType<SettlementScheduled>().Select(one => (one.CompletedAt, one.DueAt)).Last());
        decimal? reversed = calculated is null ? null : events.OfType<ReversalCalculated>().Sum(one => one.Lines.Sum(line => (decimal)line.Amount));
        return new()
        {
            Id = $"{stream.Key}", OrderId = stream.Key,
            State = last switch
            {
                SettlementScheduled or SettlementRescheduled => "scheduled", SettlementCancelled => "cancelled", SettlementDue => "due", SettlementCalculated => "in delivery", SettlementCompleted => "completed", _ => "refused",
            },
            Reason = last switch { SettlementCancelled e => e.Reason, DeliveryDeadLettered e => e.Reason, _ => null },
            MerchantId = Merchant(events), CompletedAt = At(calculated?.CompletedAt ?? scheduled.CompletedAt),
            DueAt = At(calculated?.DueAt ?? events.OfType<SettlementDue>().Select(one => one.DueAt).LastOrDefault(scheduled.DueAt)),
            CalculatedAt = calculated is null ? null : At(calculated.RecordedAt), SettledAt = events.OfType<SettlementCompleted>().LastOrDefault() is { } done ? At(done.RecordedAt) : null,
            Currency = calculated?.Currency, Digits = calculated is null ? null : Digits[calculated.Currency],
            GrossMinor = calculated?.Gross, Gross = Amount(calculated?.Gross, calculated), RefundedMinor = calculated?.Refunded, Refunded = Amount(calculated?.Refunded, calculated),
            NetMinor = calculated?.Net, Net = Amount(calculated?.Net, calculated), ReversedMinor = reversed, Reversed = Amount(reversed, calculated),
            RuleVersion = calculated?.RuleVersion, Priority = calculated?.Priority, Confirmed = events.Count(one => one is DeliveryConfirmed),
            DeadLetters = [.. Keys(events).Where(key => LastOf(events, key) is DeliveryDeadLettered)], Discarded = [.. Keys(events).Where(key => LastOf(events, key) is DeliveryDiscarded)],
            Holds = [.. Scopes(events)], StreamVersion = events.Count,
        };
    }

    /// <summary>In the order in which each came where it stands.</summary>
    static IEnumerable<string> Keys(List<SettlementEvent> events) =>
        events.Select((one, at) => (Key: KeyOf(one), at)).Where(one => one.Key is not null).GroupBy(one => one.Key!).OrderBy(key => key.Last().at).Select(key => key.Key);

    static SettlementEvent LastOf(List<SettlementEvent> events, string key) => events.Last(one => KeyOf(one) == key);

    static string? KeyOf(SettlementEvent happened) =>
        happened switch { DeliveryConfirmed e => e.Key, DeliveryDeadLettered e => e.Key, DeliveryReplayed e => e.Key, DeliveryDiscarded e => e.Key, _ => null };

    static IEnumerable<string> Scopes(List<SettlementEvent> events) => events.Select((one, at) => (one, at)).Where(one => one.one is SettlementHeld)
        .Where(held => events.LastIndexOf(events.Last(one => one is SettlementReleased e && e.Scope == Scope(held.one) || one is SettlementHeld h && h.Scope == Scope(held.one))) == held.at)
        .Select(held => Scope(held.one));

    static string Scope(SettlementEvent held) => ((SettlementHeld)held).Scope;

    static long Merchant(List<SettlementEvent> events) => events.Select(one => one switch { SettlementScheduled e => e.MerchantId, SettlementRescheduled e => e.MerchantId, SettlementCalculated e => e.MerchantId, _ => 0 }).Last(id => id != 0);

    static SettlementCalculated? Calculated(List<(long Order, SettlementEvent Happened)> log, long order) => Of<SettlementCalculated>(log).Where(one => one.Order == order).Select(one => one.Happened).SingleOrDefault();

    static IEnumerable<(long Order, T Happened)> Of<T>(List<(long Order, SettlementEvent Happened)> log)
        where T : SettlementEvent => log.Where(one => one.Happened is T).Select(one => (one.Order, (T)one.Happened));

    static decimal? Amount(decimal? minor, SettlementCalculated? calculated) => calculated is null ? null : Amount(minor!.Value, calculated.Currency);

    static decimal Amount(decimal minor, string currency) => currency switch { "EUR" => minor / 100, "KWD" => minor / 1000, _ => minor };

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    static DateOnly Day(SettlementEvent happened) => DateOnly.ParseExact(happened.RecordedAt[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
