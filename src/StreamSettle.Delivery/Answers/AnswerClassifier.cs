using System.Globalization;
using System.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Answers;

/// <summary>Turns what came back into what it means, by the contract's table and nothing else. Pure.</summary>
internal static class AnswerClassifier
{
    /// <summary>Longest excerpt of a body in a reason, in bytes.</summary>
    internal const int ExcerptBytes = 200;

    /// <summary>Failed Dependency (RFC 4918): what the contract says of items behind one that was not done.</summary>
    const int NotReachedStatus = 424;

    static ReadOnlySpan<byte> Hidden => "***"u8;

    /// <summary>The meaning of an answer to a POST of <paramref name="key"/>, alone or as an item.</summary>
    /// <param name="now">The system's clock at its answer.</param>
    internal static CallAnswer OfPost(string key, in RawAnswer answer, UtcInstant now) => answer.Transmission switch
    {
        Transmission.NeverSent => new CallAnswer.NeverSent(answer.Reason),
        Transmission.Lost => new CallAnswer.Unknown(answer.Reason),
        _ => OfStatus(key, answer, now),
    };

    /// <summary>The meaning of an item's answer in a batch that the system works through in order.</summary>
    internal static CallAnswer OfOrderedItem(string key, in RawAnswer answer, UtcInstant now) =>
        answer is { Transmission: Transmission.Answered, Status: NotReachedStatus } ? new CallAnswer.NotReached(Describe(answer)) : OfPost(key, answer, now);

    /// <summary>The meaning of an answer to a GET of <paramref name="key"/>: found, never arrived, or ask again.</summary>
    internal static CallAnswer OfGet(string key, in RawAnswer answer, UtcInstant now)
    {
        if (answer.Transmission != Transmission.Answered)
        {
            return OfPost(key, answer, now);
        }

        return answer.Status switch
        {
            200 when AnswerBody.Read(answer.Body) is var body && body.IsGoodFor(key) => new CallAnswer.Delivered(body.Receipt!),
            404 => CallAnswer.NotFound.Instance,
            401 or 408 or 425 or 429 or (>= 500 and < 600) => OfStatus(key, answer, now),
            _ => new CallAnswer.Unknown($"GET {Describe(answer)}"),
        };
    }

    /// <summary>
    /// The meaning for each item of an answer to a batch as a whole, one that is no 207. It confirms nothing, however good it looks: it names no item's outcome.
    /// </summary>
    internal static CallAnswer OfWholeBatch(in RawAnswer answer, int items, UtcInstant now)
    {
        if (answer.Transmission == Transmission.NeverSent)
        {
            return new CallAnswer.NeverSent(answer.Reason);
        }

        var reason = $"batch {Describe(answer)}";
        return answer.Transmission == Transmission.Lost ? new CallAnswer.Unknown(answer.Reason) : answer.Status switch
        {
            404 or 405 or 501 => new CallAnswer.SendAgain(reason, Singly: true, MayHaveHappened(answer.Status)),
            401 => new CallAnswer.CredentialsRefused(reason),
            408 or 425 or 429 or (>= 500 and < 600) => OfLater(answer, reason, now),
            409 when !AnswerBody.Read(answer.Body).IsMismatch => new CallAnswer.Unknown(reason),
            413 => new CallAnswer.SendAgain(reason, Singly: items == 1),
            >= 400 and < 500 => new CallAnswer.SendAgain(reason, Singly: true),
            _ => new CallAnswer.Unknown(reason),
        };
    }

    static CallAnswer OfStatus(string key, in RawAnswer answer, UtcInstant now) => answer.Status switch
    {
        200 or 201 or 202 or 409 => OfEffect(key, answer),
        401 => new CallAnswer.CredentialsRefused(Describe(answer)),
        408 or 425 or 429 or (>= 500 and < 600) => OfLater(answer, Describe(answer), now),
        >= 400 and < 500 => new CallAnswer.Rejected(Describe(answer)),
        _ => new CallAnswer.Unknown(Describe(answer)),
    };

    static CallAnswer.RetryLater OfLater(in RawAnswer answer, string reason, UtcInstant now)
    {
        var after = RetryAfter.Parse(answer.Headers.RetryAfter, now);
        var isAttempt = answer.Status != 429 && !(answer.Status == 503 && after is not null);
        return new(reason, isAttempt, after, answer.Status == 429, MayHaveHappened(answer.Status));
    }

    // A system that gave up on a request, or failed at answering it, may have done it before.
    static bool MayHaveHappened(int status) => status == 408 || status >= 500;

    static CallAnswer OfEffect(string key, in RawAnswer answer)
    {
        var body = AnswerBody.Read(answer.Body);
        if (answer.Status == 409 && body.IsMismatch)
        {
            return new CallAnswer.Rejected(Describe(answer));
        }

        return body.IsGoodFor(key)
            ? new CallAnswer.Delivered(body.Receipt!)
            : new CallAnswer.Unknown($"no good answer for this key: {Describe(answer)}");
    }

    /// <summary>Status and the start of the body, printable and on one line.</summary>
    internal static string Describe(in RawAnswer answer)
    {
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        var detail = answer.Reason.Length > 0 ? answer.Reason : Excerpt(answer.Body.Span, answer.Secrets);
        return detail.Length > 0 ? $"{status}: {detail}" : status;
    }

    static string Excerpt(ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        Span<byte> shown = stackalloc byte[ExcerptBytes];
        var (length, at) = (0, 0);
        while (at < body.Length && length < shown.Length)
        {
            var hidden = SecretAt(body[at..], secrets);
            if (hidden > 0)
            {
                var stars = Hidden[..Math.Min(Hidden.Length, shown.Length - length)];
                stars.CopyTo(shown[length..]);
                (length, at) = (length + stars.Length, at + hidden);
            }
            else
            {
                shown[length++] = body[at++];
            }
        }

        var text = Encoding.UTF8.GetString(shown[..length]).Trim();
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }

    /// <summary>How long the secret is that the text begins with; 0 for none.</summary>
    static int SecretAt(ReadOnlySpan<byte> text, IReadOnlyList<byte[]> secrets)
    {
        foreach (var secret in secrets)
        {
            if (text.StartsWith(secret))
            {
                return secret.Length;
            }
        }

        return 0;
    }
}
