namespace StreamSettle.Audit.Encryption;

/// <summary>Which key of a merchant's.</summary>
/// <param name="Id">In every field that it encrypts; drawn, so that nobody outside can name one.</param>
/// <param name="Merchant">Decimal, or <see cref="NoMerchant"/>.</param>
/// <param name="Generation">1 for the first; after a shredding the next one begins.</param>
public readonly record struct DataKeyName(Guid Id, string Merchant, int Generation)
{
    /// <summary>Of fields of orders whose merchant no event has told.</summary>
    public const string NoMerchant = "none";
}
