using StreamSettle.Kernel.Bytes;

namespace StreamSettle.Kernel.Ids;

/// <summary>The source's primary key of an order; in decimal it is the id of the order's event stream.</summary>
/// <remarks><code>value(8, big-endian)</code></remarks>
public readonly record struct OrderId(long Value) : IComparable<OrderId>, IBinary<OrderId>
{
    public static OrderId Read(ReadOnlySpan<byte> source) => new(new ByteReader(source).Int64());

    public void Write(ByteWriter to) => to.Int64(Value);

    public int CompareTo(OrderId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The source's primary key of a merchant.</summary>
/// <remarks><code>value(8, big-endian): what repartition by merchant goes by</code></remarks>
public readonly record struct MerchantId(long Value) : IBinary<MerchantId>
{
    public static MerchantId Read(ReadOnlySpan<byte> source) => new(new ByteReader(source).Int64());

    public void Write(ByteWriter to) => to.Int64(Value);

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The source's primary key of a promoter.</summary>
public readonly record struct PromoterId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
