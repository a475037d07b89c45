namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>How 429 and 503 say when to come again.</summary>
public enum RetryAfterStyle
{
    /// <summary>As <see cref="SystemFaults.RetryAfter"/>, which is in whole seconds.</summary>
    Seconds,

    /// <summary>They do not say it.</summary>
    Missing,

    /// <summary>By words that mean nothing, numbers that are none, and dates that have passed or never come.</summary>
    Absurd,
}
