namespace StreamSettle.Settlement.Results;

/// <summary>Why an order or a refund is refused; the words are fixed by contract.</summary>
public static class RefusalReasons
{
    /// <summary>The order's currency is no ISO 4217 code with minor units.</summary>
    public const string UnknownCurrency = "unknown_currency";

    /// <summary>An amount is not whole minor units, beyond 63 bits, or outside what the order's gross allows.</summary>
    public const string BadAmount = "bad_amount";

    /// <summary>No rule set was in force when the order was completed.</summary>
    public const string NoRules = "no_rules";
}
