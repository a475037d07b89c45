using StreamSettle.Delivery.Answers;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Budgets;

/// <summary>What an answer's headers say about the system's budget.</summary>
/// <param name="Rules">Limits, every one of which holds; empty where the answer names none.</param>
/// <param name="IsWhole">All that was said of limits could be read; else what is known holds on beside <paramref name="Rules"/>.</param>
/// <param name="Quotas">What is left; every one binds.</param>
internal sealed record RateReading(IReadOnlyList<RateRule> Rules, bool IsWhole, IReadOnlyList<RateQuota> Quotas)
{
    /// <summary>An answer that says nothing.</summary>
    internal static RateReading Nothing { get; } = new([], true, []);

    /// <summary>Reads every spelling that is known.</summary>
    /// <param name="now">The clock of the system, for resets that are instants.</param>
    internal static RateReading Read(AnswerHeaders headers, UtcInstant now)
    {
        if (!headers.HasRates)
        {
            return Nothing;
        }

        var reader = new RateReader(now);
        reader.ReadLimits(headers.Limit);
        reader.ReadLimits(headers.DraftLimit);
        reader.ReadPolicies(headers.RateLimitPolicy);
        reader.ReadRateLimit(headers.RateLimit);
        reader.ReadRemaining("x", headers.Remaining, headers.Reset);
        reader.ReadRemaining("draft", headers.DraftRemaining, headers.DraftReset);
        return reader.Reading;
    }
}
