using System.Globalization;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Delivery.Asking;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Integration.Tests.Reconciling;

/// <summary>Order 42 as its three keepers have it, told event by event.</summary>
sealed class History
{
    public const string CompletedAt = "2026-11-01T00:00:00Z";
    public const string DueAt = "2026-11-02T00:00:00Z";
    const string At = "2026-11-02T00:00:01Z";

    readonly List<SettlementEvent> events = [];
    readonly Dictionary<AskedCall, RecordedCall> answers = [];

    /// <summary>What the shop has: a completed order of 100.00 EUR that agrees with <see cref="Calculated"/>.</summary>
    public static OrderRow Row => new()
    {
        Id = new(42), Merchant = 7, Promoter = 9, Carrier = 3, BuyerCountry = "DE", Category = "toys", Currency = "EUR", Gross = Decimal("100.0000"),
        Shipping = Decimal("5.0000"), Refunded = Decimal("0.0000"), Status = "COMPLETED", ExportRefund = false, CompletedAt = UtcInstant.Parse(CompletedAt),
    };

    public static ComparisonTerms Terms => new(UtcInstant.Parse(DueAt) + TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), WithSource: true, CompletedSince: null);

    /// <summary>An hour after the mark.</summary>
    public static ComparisonTerms LaterTerms => Terms with { Now = UtcInstant.Parse(DueAt) + TimeSpan.FromHours(1) };

    public OrderRow? Source { get; set; } = Row;

    public static DecimalAmount Decimal(string text) => DecimalAmount.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var amount) ? amount : throw new FormatException(text);

    public History Scheduled() => With(new SettlementScheduled("1", At, 7, CompletedAt, DueAt));

    public History Cancelled(string reason) => With(new SettlementCancelled("2", At, reason));

    public History Refused(string reason) => With(new DeliveryDeadLettered("3", At, "42:calculation:0", "calculation", 0, 0, reason));

    public History Held() => With(new SettlementHeld("4", At, "order", "looked at", "ann"));

    public History Calculated() => Scheduled().With(new SettlementDue("5", At, DueAt)).With(new SettlementCalculated(
        "6", At, 7, "EUR", 10_000, 0, 10_000, "2026", false, 0,
        [new("tax:DE", 1_900, "19 %"), new("carrier:3", 500, "shipping"), new("platform", 600, "fee"), new("promoter:9", 100, "1 %", 1), new("merchant:7", 6_900, "rest")],
        CompletedAt, DueAt, new("DE", 500, false, [9], "toys", null, 3)));

    public History Confirmed(Leg leg, int n = 0) => With(new DeliveryConfirmed($"{leg}{n}", At, Key(leg, n), leg.Name(), n, 1, Receipt(leg, n)));

    public History Settled() => Calculated().Confirmed(Leg.Verification).Confirmed(Leg.Split).Confirmed(Leg.Tax).Confirmed(Leg.Commission).With(new SettlementCompleted("7", At, []));

    /// <summary>A refund of 10.00, of which the lines give so much.</summary>
    public History Reversed(long taken = 1_000) => With(new ReversalRequested("8", At, 1, 1_000, DueAt)).With(new ReversalCalculated("9", At, 1, [new("merchant:7", taken)]));

    public History With(SettlementEvent happened)
    {
        events.Add(happened);
        return this;
    }

    public History Without()
    {
        Source = null;
        return this;
    }

    public History Shop(Func<OrderRow, OrderRow> change)
    {
        Source = change(Source!);
        return this;
    }

    /// <summary>A system knows the call.</summary>
    public History Knows(Leg leg, int n = 0, string? receipt = null) => Says(leg, n, new RecordedCall.Found(receipt ?? Receipt(leg, n)));

    public History Says(Leg leg, int n, RecordedCall answer)
    {
        answers[new(leg, n, Key(leg, n))] = answer;
        return this;
    }

    public static string Key(Leg leg, int n = 0) => new CallKey(new(42), leg, n).ToString();

    public ComparedOrder Order() => new(
        Source, LoggedOrder.Of(new OrderId(42), [.. events.Select((happened, at) => Stored(happened, at + 1))]), answers);

    /// <summary>What is found, as class and subject.</summary>
    public string[] Found(ComparisonTerms? terms = null) => [.. OrderComparison.Of(Order(), terms ?? Terms).Select(one => $"{one.Kind.Word()} {one.Subject}")];

    static string Receipt(Leg leg, int n) => string.Create(CultureInfo.InvariantCulture, $"{leg.Name()}-{n}");

    static StoredEvent Stored(SettlementEvent happened, long version) => new(
        version, version, happened.Kind().Alias(), Guid.Empty, happened.Cause, System.Text.Encoding.UTF8.GetString(EventJson.Write(happened)), UtcInstant.Parse(At));
}
