namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What waited for a person, or does: a document of the projection <c>reports</c>, table <c>mt_doc_dead_letter_view</c>. Records that could not be read belong to no order and are not among them.</summary>
public sealed record DeadLetterView
{
    /// <summary>The key: <c>42:split:0</c>.</summary>
    public required string Id { get; init; }

    public long OrderId { get; init; }

    /// <summary>As in keys; <c>calculation</c> for a refused order or refund.</summary>
    public string Leg { get; init; } = "";

    /// <summary>0 for the settlement, 1 and up for its reversals.</summary>
    public int N { get; init; }

    /// <summary><c>waiting</c>, <c>replayed</c> or <c>discarded</c>.</summary>
    public string State { get; init; } = "waiting";

    /// <summary>Of the last time.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How often it came here.</summary>
    public int Times { get; init; }

    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When it came here last.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Who replayed or discarded it last; null where nobody has.</summary>
    public string? By { get; init; }

    /// <summary>Why, in their words.</summary>
    public string? Note { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }
}
