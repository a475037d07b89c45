using System.Globalization;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.Topology.Payouts;

/// <summary>What a split waits for, and why it waits no longer, in the words that the event log keeps.</summary>
static class PayoutText
{
    public const string IsPayoutDay = "it is a payout day";

    public const string NothingElse = "nothing keeps it back any more";

    public const string NotVerified = "the verification is not confirmed any more";

    public const string Behind = "earlier payouts of the merchant are being let go";

    public static string Minimum(AgreedPayout agreed, Currency currency) =>
        $"the merchant's shares in {currency} that wait must come to {Money(agreed.Minimum!.Value, currency)} (rule: {agreed.Rule})";

    public static string LetGo(in PayoutGroup group, Currency currency, UtcInstant now) => group switch
    {
        { IsEnough: true } => $"the merchant's shares that wait come to {Money(group.Minimum, currency)} or more",
        { LatestAt: { } latest } when latest <= now => $"one of the merchant's shares has waited until {latest}, as long as was agreed",
        _ => "the merchant's shares that waited with it were let go",
    };

    static string Money(long minor, Currency currency) => string.Create(CultureInfo.InvariantCulture, $"{new DecimalAmount(minor, (byte)currency.Digits)} {currency}");
}
