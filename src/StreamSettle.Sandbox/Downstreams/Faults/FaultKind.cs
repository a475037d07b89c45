namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>What goes wrong with one request, or with one item of a batch.</summary>
public enum FaultKind
{
    None,

    /// <summary>Done, but no answer comes until the caller gives up.</summary>
    TimeoutButDone,

    /// <summary>Done, answered with 500.</summary>
    ErrorButDone,

    /// <summary>Not done, answered with 500.</summary>
    ErrorNotDone,

    /// <summary>The connection breaks before anything is done.</summary>
    ResetBefore,

    /// <summary>Done, then the connection breaks.</summary>
    ResetAfter,

    /// <summary>An answer that says nothing: HTML, half a JSON, another key, 204, a redirect. Done or not.</summary>
    Garbage,

    /// <summary>Answered with 504, and done some time later.</summary>
    LateDone,

    /// <summary>Done and answered well, but slowly.</summary>
    Slow,

    /// <summary>Done and answered well, but the answer comes byte by byte.</summary>
    Drip,

    /// <summary>Not done, 503 with <c>Retry-After</c>.</summary>
    Unavailable,

    /// <summary>Not done, 429 with <c>Retry-After</c>, though the budget is not used up.</summary>
    TooManyRequests,

    /// <summary>Not done, 401. Only as a period.</summary>
    Unauthorized,
}
