using StreamSettle.Kernel.Time;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What the shop's table said of an order for a while.</summary>
/// <param name="Status">Null: there was no row.</param>
/// <param name="Gross">Major units.</param>
/// <param name="Refunded">Cumulative, major units.</param>
sealed record OrderVersion(string? Status, decimal Gross, decimal Refunded)
{
    /// <summary>By then the next one was surely committed; the last one stays.</summary>
    public UtcInstant Until { get; init; } = UtcInstant.MaxValue;

    public bool IsCompleted => Status == "COMPLETED";
}
