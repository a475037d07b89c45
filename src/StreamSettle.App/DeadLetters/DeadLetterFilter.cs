using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.DeadLetters;

/// <summary>Exact values, and the beginning of the reason; null is any.</summary>
/// <param name="From">First instant of <see cref="DeadLetter.Since"/>.</param>
/// <param name="To">First instant that is not in it any more.</param>
sealed record DeadLetterFilter(string? Stage = null, string? Reason = null, long? Merchant = null, long? Order = null, UtcInstant? From = null, UtcInstant? To = null)
{
    public bool Lets(DeadLetter letter) =>
        (Stage is null || letter.Stage == Stage)
        && (Reason is null || letter.Reason.StartsWith(Reason, StringComparison.Ordinal))
        && (Merchant is null || letter.MerchantId == Merchant)
        && (Order is null || letter.OrderId == Order)
        && (From is not { } from || letter.Since >= from)
        && (To is not { } to || letter.Since < to);
}
