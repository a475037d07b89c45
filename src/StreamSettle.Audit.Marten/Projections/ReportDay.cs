using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>The day that a fact counts for: UTC, by when it was established.</summary>
internal static class ReportDay
{
    public static DateOnly Of(SettlementEvent happened) => DateOnly.FromDateTime(OrderViewFold.Instant(happened.RecordedAt).UtcDateTime);
}
