using StreamSettle.Kernel.Time;

namespace StreamSettle.Settlement.Payouts;

/// <summary>When a payout may go by a calendar: the closed family of answers.</summary>
public abstract record PayoutTime
{
    PayoutTime()
    {
    }

    /// <summary>Now: it is a payout day, before its cut-off.</summary>
    public sealed record Open : PayoutTime
    {
        Open()
        {
        }

        public static Open Instance { get; } = new();
    }

    /// <summary>Not now.</summary>
    /// <param name="At">When the next payout day begins; later than now.</param>
    /// <param name="Why">What stands in the way now, in words.</param>
    public sealed record Later(UtcInstant At, string Why) : PayoutTime;

    /// <summary>Nobody can say: the calendar or its year, or the time zone, is not known. Never taken for a day without holidays.</summary>
    /// <param name="Why">What is missing, and how it is mended.</param>
    public sealed record Unknown(string Why) : PayoutTime;
}
