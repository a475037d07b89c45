using System.Globalization;
using System.Text;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Answers;

/// <summary>Turns what came back into what it means, by the contract's table and nothing else. Pure.</summary>
internal static class AnswerClassifier
{
    /// <summary>Longest excerpt of a body in a reason, in bytes.</summary>
    internal const int ExcerptBytes = 200;

    /// <summary>The meaning of an answer to a POST of <paramref name="key"/>, alone or as an item.</summary>
    internal static CallAnswer OfPost(string key, in RawAnswer answer, UtcInstant now) => answer.Transmission switch
    {
        Transmission.NeverSent => new CallAnswer.NeverSent(answer.Reason),
        Transmission.Lost => new CallAnswer.Unknown(answer.Reason),
        _ => OfStatus(key, answer, now),
    };

    /// <summary>The meaning of an answer to a GET of <paramref name="key"/>: found, never arrived, or ask again.</summary>
    internal static CallAnswer OfGet(string key, in RawAnswer answer, UtcInstant now)
    {
        if (answer.Transmission != Transmission.Answered)
        {
            return OfPost(key, answer, now);
        }

        return answer.Status switch
        {
            200 when AnswerBody.Read(answer.Body.Span) is var body && body.IsGoodFor(key) => new CallAnswer.Delivered(body.Receipt!),
            404 => CallAnswer.NotFound.Instance,
            401 or 408 or 425 or 429 or (>= 500 and < 600) => OfStatus(key, answer, now),
            _ => new CallAnswer.Unknown($"GET {Describe(answer)}"),
        };
    }

    static CallAnswer OfStatus(string key, in RawAnswer answer, UtcInstant now)
    {
        switch (answer.Status)
        {
            case 200 or 201 or 202 or 409:
                return OfEffect(key, answer);
            case 401:
                return new CallAnswer.CredentialsRefused(Describe(answer));
            case 408 or 425 or 429 or (>= 500 and < 600):
                var after = RetryAfter.Parse(answer.Headers.RetryAfter, now);
                var isAttempt = answer.Status != 429 && !(answer.Status == 503 && after is not null);
                return new CallAnswer.RetryLater(Describe(answer), isAttempt, after, answer.Status == 429);
            case >= 400 and < 500:
                return new CallAnswer.Rejected(Describe(answer));
            default:
                return new CallAnswer.Unknown(Describe(answer));
        }
    }

    static CallAnswer OfEffect(string key, in RawAnswer answer)
    {
        var body = AnswerBody.Read(answer.Body.Span);
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
        var detail = answer.Reason.Length > 0 ? answer.Reason : Excerpt(answer.Body.Span);
        return detail.Length > 0 ? $"{status}: {detail}" : status;
    }

    static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptBytes)]).Trim();
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
