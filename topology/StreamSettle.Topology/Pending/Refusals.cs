namespace StreamSettle.Topology.Pending;

/// <summary>Why an order or a refund is refused, as events and dead letters name it.</summary>
public static class Refusals
{
    public const string BadAmount = "bad_amount";
    public const string UnknownCurrency = "unknown_currency";
    public const string NoRules = "no_rules";
    public const string NoCompletedAt = "no_completed_at";
    public const string UnknownMerchant = "unknown_merchant";
    public const string TooOld = "too_old";
    public const string ChangedKey = "changed_key";

    /// <summary>A later change of the order could not be read: what was known before is not settled as if nothing had happened.</summary>
    public const string UnreadableChange = "unreadable_change";

    /// <summary>Decided at the mark: the order had been scheduled before.</summary>
    public static bool IsOfTheMark(string reason) => reason is BadAmount or UnknownCurrency or NoRules or UnknownMerchant;
}
