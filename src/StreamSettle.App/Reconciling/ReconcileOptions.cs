using StreamSettle.Delivery.Asking;

namespace StreamSettle.App.Reconciling;

/// <summary>How comparing is done. Configuration section <c>Reconcile</c>.</summary>
sealed record ReconcileOptions
{
    /// <summary>How often the service compares by itself; null, the default, for never: it costs the downstream systems a question for each call of the period.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How far back the service's own comparisons go, by completion. Default 2 days.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long after its mark an order, or a call of it, may be under way before it is late. Default 1 min.</summary>
    public TimeSpan LateAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after its first look a discrepancy is looked at again, before it is told. Default 15 s: longer than news takes from the shop to the event log.</summary>
    public TimeSpan SecondLook { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Most questions in flight to a system. Default 16.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Of a system's limit, what questions may use and the service's calls leave; null where no limit is configured.</summary>
    public double? Share { get; init; }

    /// <summary>How hard a system is asked; of limits that it tells itself a small part, where none is given.</summary>
    public AskingOptions Asking => new(Concurrency, Share ?? DefaultShare);

    /// <summary>One message for each rule that is broken.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (Every is { } every && (every < ShortestEvery || every > LongestDuration))
        {
            yield return $"{section}:Every must be from {ShortestEvery} to {LongestDuration}, but is {every}.";
        }

        if (Period <= TimeSpan.Zero || Period > LongestDuration)
        {
            yield return $"{section}:Period must be positive and at most {LongestDuration}, but is {Period}.";
        }

        foreach (var (name, value) in new[] { ("LateAfter", LateAfter), ("SecondLook", SecondLook) })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
            {
                yield return $"{section}:{name} must be positive and at most a day, but is {value}.";
            }
        }

        if (Concurrency is < 1 or > MostConcurrency)
        {
            yield return $"{section}:Concurrency must be from 1 to {MostConcurrency}, but is {Concurrency}.";
        }

        if (Share is <= 0 or > MostShare or double.NaN)
        {
            yield return $"{section}:Share must be above 0 and at most {MostShare}, but is {Share}.";
        }
    }

    const double DefaultShare = 0.1;

    const int MostConcurrency = 1_000;

    const double MostShare = 0.5;

    static readonly TimeSpan ShortestEvery = TimeSpan.FromSeconds(1);

    static readonly TimeSpan LongestDuration = TimeSpan.FromDays(400);
}
