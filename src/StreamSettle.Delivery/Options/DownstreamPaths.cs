using StreamSettle.Kernel.Calls;

namespace StreamSettle.Delivery.Options;

/// <summary>The paths of the calls, relative to the system's base URL. Source: the contract of the downstream systems.</summary>
public static class DownstreamPaths
{
    /// <summary>Where calls of <paramref name="leg"/> are posted: <c>splits</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The calculation is no call.</exception>
    public static string Of(Leg leg) => leg switch
    {
        Leg.Verification => "verifications",
        Leg.Split => "splits",
        Leg.Commission => "commissions",
        Leg.Tax => "tax-filings",
        Leg.TaxRefund => "tax-refunds",
        _ => throw new ArgumentOutOfRangeException(nameof(leg), leg, "no downstream system is called for it"),
    };

    /// <summary>Where batches of <paramref name="leg"/> are posted: <c>splits:batch</c>.</summary>
    public static string BatchOf(Leg leg) => $"{Of(leg)}:batch";

    /// <summary>Where the recorded answer of <paramref name="key"/> is asked for: <c>splits/42%3Asplit%3A0</c>.</summary>
    public static string Recorded(CallKey key) => Recorded(key.Leg, key.ToString());

    /// <summary>As <see cref="Recorded(CallKey)"/>, of a key as the system knows it.</summary>
    public static string Recorded(Leg leg, string key) => $"{Of(leg)}/{Uri.EscapeDataString(key)}";
}
