using System.Net.Http.Headers;

namespace StreamSettle.Audit.Notaries.TimeStamps;

/// <summary>A time-stamp authority as notary. Configuration section <c>Audit:Notary:Rfc3161</c>.</summary>
public sealed record TimeStampOptions
{
    /// <summary>Takes <c>application/timestamp-query</c> by POST.</summary>
    public required Uri Url { get; init; }

    /// <summary>By which its answers are trusted.</summary>
    public required TrustRoots Roots { get; init; }

    /// <summary>The policy that is asked for, as an OID; null for the authority's own.</summary>
    public string? Policy { get; init; }

    /// <summary>The header <c>Authorization</c>; null for none. Never shown.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>How long an answer may take. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
