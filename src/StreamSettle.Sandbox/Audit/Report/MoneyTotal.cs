namespace StreamSettle.Sandbox.Auditing.Report;

/// <summary>What all parties of a kind got in a currency, by the systems' effects, in minor units.</summary>
/// <param name="Kind">tax, carrier, platform, promoter or merchant.</param>
public sealed record MoneyTotal(string Kind, string Currency, Int128 Settled, Int128 Reversed);
