using StreamSettle.Kernel.Time;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>An order as the shop means it: what will happen to it, and what has happened.</summary>
sealed class Sale(long id)
{
    readonly List<OrderVersion> history = [];

    public long Id { get; } = id;

    public required long MerchantId { get; init; }

    public long? PromoterId { get; init; }

    public long? CarrierId { get; init; }

    public required string Country { get; init; }

    /// <summary>What its row was made with: none where the table had no such column then.</summary>
    public string? Category { get; set; }

    public required string Currency { get; init; }

    public required decimal Shipping { get; init; }

    /// <summary>Set when the sale is about to be completed.</summary>
    public UtcInstant? CompletedAt { get; set; }

    /// <summary>Its row was another order's before: a person has to decide.</summary>
    public bool HasMoved { get; init; }

    /// <summary>What is still to come, each so long after the completion.</summary>
    public Queue<(TimeSpan After, OrderVersion To)> ToCome { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<OrderVersion> History => history;

    /// <summary>The source has said so, at the latest since <paramref name="committedBy"/>.</summary>
    public void Became(OrderVersion version, UtcInstant committedBy)
    {
        if (history.Count > 0)
        {
            history[^1] = history[^1] with { Until = committedBy };
        }

        history.Add(version);
    }
}
