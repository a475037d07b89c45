using StreamSettle.Delivery.Answers;

namespace StreamSettle.Delivery.Breakers;

/// <summary>What answers say of the system itself, by the contract's degraded mode. Pure.</summary>
internal static class SystemErrors
{
    internal static SystemOutcomes Of(ReadOnlySpan<CallAnswer> meanings)
    {
        var (outcomes, errors, error) = (0, 0, (string?)null);
        foreach (var meaning in meanings)
        {
            outcomes += SaysNothing(meaning) ? 0 : 1;
            if (IsError(meaning))
            {
                errors++;
                error ??= ReasonOf(meaning);
            }
        }

        return new(outcomes, errors, error);
    }

    /// <summary>Why it is no good answer; null where it is one.</summary>
    internal static string? ReasonOf(CallAnswer meaning) => meaning switch
    {
        CallAnswer.Rejected rejected => rejected.Reason,
        CallAnswer.RetryLater later => later.Reason,
        CallAnswer.CredentialsRefused refused => refused.Reason,
        CallAnswer.Unknown unknown => unknown.Reason,
        CallAnswer.NeverSent never => never.Reason,
        CallAnswer.SendAgain again => again.Reason,
        _ => null,
    };

    /// <summary>401, 425 and 429, which ask us for patience or for another key, what the system did not come to, and what was not sent by our own will.</summary>
    static bool SaysNothing(CallAnswer meaning) =>
        meaning is CallAnswer.CredentialsRefused or CallAnswer.RetryLater { MayHaveHappened: false } or CallAnswer.SendAgain or CallAnswer.NotReached or CallAnswer.Withheld;

    /// <summary>5xx, 408, time-outs, lost or refused connections, answers that are not good ones. Not rejections, which say something of a call.</summary>
    static bool IsError(CallAnswer meaning) => meaning is CallAnswer.Unknown or CallAnswer.NeverSent or CallAnswer.RetryLater { MayHaveHappened: true };
}
