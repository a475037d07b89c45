using StreamSettle.Audit.Events;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Encryption;

/// <summary>Events that say something of Jane Doe, in every field that may.</summary>
static class Personal
{
    public const string Name = "Jane \"Döe\"";

    /// <summary>Of order 42, one of each kind.</summary>
    public static readonly SettlementEvent[] All =
    [
        Calculated() with { InvoiceDigest = Name },
        new SettlementHeld("hold-1@7", RecordedAt, "order", Name, "ann"),
        new SettlementReleased("hold-1@8", RecordedAt, "order", Name, "ann"),
        Failed(),
        new DeliveryDeadLettered("42:split:0#20", RecordedAt, "42:split:0", "split", 0, 20, $"unknown: 500: {Name}"),
        new DeliveryReplayed("ann@9", RecordedAt, "42:split:0", "split", 0, 20, "ann", Name),
        new DeliveryDiscarded("ann@10", RecordedAt, "42:split:0", "split", 0, 20, "ann", $"unknown: {Name}", Name),
        new DeliveryReturned("split@42:split:0", RecordedAt, "42:split:0", "split", 0, Name, RecordedAt),
    ];

    public static DeliveryFailed Failed(int attempt = 1, long order = 42) =>
        new($"{order}:split:0#{attempt}", RecordedAt, $"{order}:split:0", "split", 0, attempt, $"422: no invoice of {Name}");
}
