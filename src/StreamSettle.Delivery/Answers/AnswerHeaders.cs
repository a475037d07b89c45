namespace StreamSettle.Delivery.Answers;

/// <summary>The headers of an answer that mean something here; null where absent. The values of a repeated one stand behind each other, <see cref="Separator"/> between them.</summary>
public sealed record AnswerHeaders
{
    /// <summary>Between the values of a header that came several times: no value can hold it.</summary>
    public const char Separator = '\n';

    /// <summary>An answer without any of them.</summary>
    public static AnswerHeaders None { get; } = new();

    public string? RetryAfter { get; init; }

    /// <summary><c>X-RateLimit-Limit</c>, or <c>RateLimit-Limit</c> of the early drafts.</summary>
    public string? Limit { get; init; }

    public string? Remaining { get; init; }

    public string? Reset { get; init; }

    /// <summary><c>RateLimit</c> of the IETF drafts, either spelling.</summary>
    public string? RateLimit { get; init; }

    /// <summary><c>RateLimit-Policy</c> of the IETF drafts, either spelling.</summary>
    public string? RateLimitPolicy { get; init; }

    /// <summary>Takes from an answer's headers what is ours.</summary>
    /// <param name="find">The value of a header by its name in any case, or null.</param>
    public static AnswerHeaders From(Func<string, string?> find)
    {
        var headers = new AnswerHeaders
        {
            RetryAfter = find("Retry-After"),
            Limit = find("X-RateLimit-Limit") ?? find("RateLimit-Limit"),
            Remaining = find("X-RateLimit-Remaining") ?? find("RateLimit-Remaining"),
            Reset = find("X-RateLimit-Reset") ?? find("RateLimit-Reset"),
            RateLimit = find("RateLimit"),
            RateLimitPolicy = find("RateLimit-Policy"),
        };
        return headers == None ? None : headers;
    }
}
