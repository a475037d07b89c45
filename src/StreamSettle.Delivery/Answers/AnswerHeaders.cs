namespace StreamSettle.Delivery.Answers;

/// <summary>The headers of an answer that mean something here; null where absent. The values of a repeated one stand behind each other, <see cref="Separator"/> between them.</summary>
public sealed record AnswerHeaders
{
    /// <summary>Between the values of a header that came several times: no value can hold it.</summary>
    public const char Separator = '\n';

    /// <summary>An answer without any of them.</summary>
    public static AnswerHeaders None { get; } = new();

    /// <summary>The system's clock at its answer: what it says of instants is meant by it.</summary>
    public string? Date { get; init; }

    public string? RetryAfter { get; init; }

    /// <summary><c>X-RateLimit-Limit</c>.</summary>
    public string? Limit { get; init; }

    public string? Remaining { get; init; }

    public string? Reset { get; init; }

    /// <summary><c>RateLimit-Limit</c> of the early IETF drafts.</summary>
    public string? DraftLimit { get; init; }

    public string? DraftRemaining { get; init; }

    public string? DraftReset { get; init; }

    /// <summary><c>RateLimit</c> of the IETF drafts, either spelling.</summary>
    public string? RateLimit { get; init; }

    /// <summary><c>RateLimit-Policy</c> of the IETF drafts, either spelling.</summary>
    public string? RateLimitPolicy { get; init; }

    /// <summary>The answer says something of budgets.</summary>
    internal bool HasRates =>
        (Limit ?? Remaining ?? Reset ?? DraftLimit ?? DraftRemaining ?? DraftReset ?? RateLimit ?? RateLimitPolicy) is not null;

    /// <summary>Takes from an answer's headers what is ours.</summary>
    /// <param name="find">The value of a header by its name in any case, or null.</param>
    public static AnswerHeaders From(Func<string, string?> find)
    {
        var headers = new AnswerHeaders
        {
            RetryAfter = find("Retry-After"),
            Limit = find("X-RateLimit-Limit"),
            Remaining = find("X-RateLimit-Remaining"),
            Reset = find("X-RateLimit-Reset"),
            DraftLimit = find("RateLimit-Limit"),
            DraftRemaining = find("RateLimit-Remaining"),
            DraftReset = find("RateLimit-Reset"),
            RateLimit = find("RateLimit"),
            RateLimitPolicy = find("RateLimit-Policy"),
        };

        // Nearly every answer has a date, and nearly none needs it.
        return headers == None ? None : headers with { Date = find("Date") };
    }
}
