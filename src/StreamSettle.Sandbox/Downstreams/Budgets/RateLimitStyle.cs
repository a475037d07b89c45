namespace StreamSettle.Sandbox.Downstreams.Budgets;

/// <summary>How a system tells its budget.</summary>
public enum RateLimitStyle
{
    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c> in seconds from now.</summary>
    XSeconds,

    /// <summary>The same with the reset as an epoch second.</summary>
    XEpoch,

    /// <summary><c>RateLimit: limit=100, remaining=50, reset=30</c>, an earlier IETF draft.</summary>
    Ietf,

    /// <summary><c>RateLimit-Policy: "p";q=100;w=60</c> with <c>RateLimit: "p";r=50;t=30</c>: the only one that tells its window.</summary>
    IetfPolicy,

    /// <summary>Nothing is said until the 429.</summary>
    Silent,
}
