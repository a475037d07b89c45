namespace StreamSettle.Schemas.Merchants;

/// <summary>Columns of a merchant that a change left alone and did not tell; as <see cref="Orders.UnsentOrderColumns"/>.</summary>
[Flags]
public enum UnsentMerchantColumns : byte
{
    None = 0,
    Tier = 1,
    Country = 2,
    TimeZone = 4,
}
