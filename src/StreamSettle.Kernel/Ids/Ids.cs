namespace StreamSettle.Kernel.Ids;

/// <summary>The source's primary key of an order; in decimal it is the id of the order's event stream.</summary>
public readonly record struct OrderId(long Value) : IComparable<OrderId>
{
    public int CompareTo(OrderId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The source's primary key of a merchant.</summary>
public readonly record struct MerchantId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The source's primary key of a promoter.</summary>
public readonly record struct PromoterId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
