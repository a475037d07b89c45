namespace StreamSettle.Audit.Marten.Projections;

/// <summary>What became of the calls to a system on a day (UTC, by when each fact was established): a document of the projection <c>reports</c>, table <c>mt_doc_downstream_day</c>.</summary>
public sealed record DownstreamDay
{
    /// <summary><c>split|2026-11-29</c>.</summary>
    public required string Id { get; init; }

    /// <summary>As in keys: <c>verification</c>, <c>split</c>, <c>commission</c>, <c>tax</c>.</summary>
    public string Leg { get; init; } = "";

    public DateOnly Day { get; init; }

    /// <summary>Calls.</summary>
    public long Confirmed { get; init; }

    /// <summary>Of these, at the first attempt.</summary>
    public long ConfirmedAtOnce { get; init; }

    /// <summary>Attempts that are repeated.</summary>
    public long FailedAttempts { get; init; }

    public long DeadLettered { get; init; }

    public long Replayed { get; init; }

    public long Discarded { get; init; }
}
