namespace StreamSettle.Settlement.Payouts;

/// <summary>How an order's split is paid out, by the rule of <c>payouts</c> that matched it at the calculation.</summary>
/// <param name="Rule">What the rule is for, as a person reads it.</param>
/// <param name="Minimum">The merchant's shares that wait must come to this, minor units of the order's currency; null: it need not wait for others.</param>
/// <param name="MaxWait">How long it waits for the minimum at most; null: until it is reached.</param>
/// <param name="Calendar">Name of the calendar, or <see cref="MerchantCountry"/>; null: any day is a payout day.</param>
/// <param name="CutOff">Local time of the merchant from which on nothing goes any more that day; null: it ends with the day.</param>
public sealed record AgreedPayout(string Rule, long? Minimum, TimeSpan? MaxWait, string? Calendar, TimeOnly? CutOff)
{
    /// <summary>As a rule's calendar: the one that is named as the country of the merchant's row.</summary>
    public const string MerchantCountry = "MERCHANT_COUNTRY";
}
