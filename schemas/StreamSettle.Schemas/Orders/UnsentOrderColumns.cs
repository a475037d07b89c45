namespace StreamSettle.Schemas.Orders;

/// <summary>Columns of an order that a change left alone and did not tell, since the server does not repeat large values (TOAST). What stands in their place in the row means nothing.</summary>
[Flags]
public enum UnsentOrderColumns : byte
{
    None = 0,
    BuyerCountry = 1,
    Category = 2,
    Currency = 4,
    Status = 8,
    Invoice = 16,
}
