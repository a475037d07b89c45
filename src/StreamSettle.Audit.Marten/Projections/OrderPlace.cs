using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What the reports have to know of an order beside an event of it: whose it is, its currency, and which row counts it as held.</summary>
internal sealed class OrderPlace
{
    readonly HashSet<string> holds = new(StringComparer.Ordinal);
    long? merchant;
    string currency = "";
    decimal left;

    /// <summary>The kinds of events that say so, by alias.</summary>
    public static string[] Telling { get; } =
    [
        EventKind.SettlementScheduled.Alias(), EventKind.SettlementRescheduled.Alias(), EventKind.SettlementCalculated.Alias(), EventKind.ReversalCalculated.Alias(),
        EventKind.SettlementHeld.Alias(), EventKind.SettlementReleased.Alias(),
    ];

    /// <summary>The kinds that cannot be counted without the others before them.</summary>
    public static bool Asks(SettlementEvent happened) => happened is ReversalCalculated or SettlementHeld or SettlementReleased;

    /// <summary>Null where no event has said so; the events of this platform say it first.</summary>
    public long? Merchant => merchant;

    /// <summary>Empty before the money is divided.</summary>
    public string Currency => currency;

    /// <summary>The row that counts the order as held; null while nothing holds it.</summary>
    public HeldPlace? Held { get; private set; }

    /// <summary>Takes an event in.</summary>
    /// <returns>How the held orders change by it: the row that loses the order, or gets it; null where none does.</returns>
    public (HeldPlace Place, int Change)? Take(SettlementEvent happened)
    {
        switch (happened)
        {
            case SettlementScheduled e:
                merchant = e.MerchantId;
                return null;
            case SettlementRescheduled e:
                merchant = e.MerchantId;
                return null;
            case SettlementCalculated e:
                (merchant, currency, left) = (e.MerchantId, e.Currency, e.Net);
                return null;
            case ReversalCalculated e:
                left -= e.Lines.Sum(line => (decimal)line.Amount);
                return null;
            case SettlementHeld e when holds.Add(e.Scope) && holds.Count == 1 && merchant is { } owner:
                Held = new(owner, ReportDay.Of(e), currency, left);
                return (Held, 1);
            case SettlementReleased e when holds.Remove(e.Scope) && holds.Count == 0 && Held is { } before:
                Held = null;
                return (before, -1);
            default:
                return null;
        }
    }
}

/// <summary>Where an order is counted as held, until nothing holds it any more.</summary>
/// <param name="Currency">Empty where its money was not divided.</param>
/// <param name="Minor">What it was worth when the hold began.</param>
internal sealed record HeldPlace(long Merchant, DateOnly Day, string Currency, decimal Minor);
