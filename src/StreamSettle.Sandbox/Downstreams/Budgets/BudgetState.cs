using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Sandbox.Downstreams.Budgets;

/// <summary>The budget after a request.</summary>
/// <param name="Remaining">Requests left in the window.</param>
/// <param name="Resets">When the oldest request leaves the window.</param>
/// <param name="Exceeded">This request was one too many.</param>
internal readonly record struct BudgetState(int Limit, TimeSpan Window, int Remaining, TimeSpan Resets, bool Exceeded)
{
    /// <summary>Whole seconds, rounded up: waiting that long is enough.</summary>
    public long ResetSeconds => Math.Max(1, (long)Math.Ceiling(Resets.TotalSeconds));

    public void Write(IHeaderDictionary headers, RateLimitStyle style, UtcInstant now)
    {
        switch (style)
        {
            case RateLimitStyle.XSeconds or RateLimitStyle.XEpoch:
                var epoch = style == RateLimitStyle.XEpoch ? (now.Microseconds + 999_999) / 1_000_000 : 0;
                headers["X-RateLimit-Limit"] = Text(Limit);
                headers["X-RateLimit-Remaining"] = Text(Remaining);
                headers["X-RateLimit-Reset"] = Text(epoch + ResetSeconds);
                break;
            case RateLimitStyle.Ietf:
                headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"limit={Limit}, remaining={Remaining}, reset={ResetSeconds}");
                break;
            case RateLimitStyle.IetfPolicy:
                headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"p\";q={Limit};w={(long)Math.Ceiling(Window.TotalSeconds)}");
                headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"p\";r={Remaining};t={ResetSeconds}");
                break;
            default:
                break;
        }
    }

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
