using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Schemas.Orders;

/// <summary>A row of <c>orders</c>, as a view of the bytes it was read from. Amounts are as the column has them; whether they are good is settlement's to say.</summary>
/// <remarks>
/// As bytes (in stores and repartition topics):
/// <code>
///  version(1)=1, or 2 | order(varint) | merchant(varint) | promoter(nullable varint) | carrier(nullable varint) | country(span) | category(nullable span)
///  | currency(span) | gross scale(1) unscaled(16) | shipping | refunded | status(1) | exportRefund(1) | completedAtUs(nullable varint) | invoice(nullable span)
///  | unsent(1), of version 2 alone
/// </code>
/// </remarks>
public readonly ref struct OrderRow
{
    const byte Version = 1;

    /// <summary>Not all of the row was told: releases that know version 1 alone must not take what stands there for it.</summary>
    const byte PartsVersion = 2;

    public required OrderId Id { get; init; }

    public required MerchantId Merchant { get; init; }

    public PromoterId? Promoter { get; init; }

    public long? CarrierId { get; init; }

    /// <summary>ISO 3166 alpha-2 as the column has it.</summary>
    public ReadOnlySpan<byte> BuyerCountry { get; init; }

    /// <summary>UTF-8; empty with <see cref="HasCategory"/> false where the column is null.</summary>
    public ReadOnlySpan<byte> Category { get; init; }

    public bool HasCategory { get; init; }

    /// <summary>The column's text; may be no currency that we know.</summary>
    public ReadOnlySpan<byte> Currency { get; init; }

    public DecimalAmount Gross { get; init; }

    public DecimalAmount Shipping { get; init; }

    public DecimalAmount Refunded { get; init; }

    public OrderStatus Status { get; init; }

    public bool ExportRefund { get; init; }

    public UtcInstant? CompletedAt { get; init; }

    /// <summary>The column's JSON text, UTF-8; empty where the column is null.</summary>
    public ReadOnlySpan<byte> Invoice { get; init; }

    /// <summary>What the change did not tell; of a row that is kept none.</summary>
    public UnsentOrderColumns Unsent { get; init; }

    public bool HasInvoice => !Invoice.IsEmpty;

    /// <summary>The same row with what was not told as another one has it, which has all.</summary>
    public OrderRow FilledFrom(OrderRow known) => this with
    {
        BuyerCountry = IsUnsent(UnsentOrderColumns.BuyerCountry) ? known.BuyerCountry : BuyerCountry,
        Category = IsUnsent(UnsentOrderColumns.Category) ? known.Category : Category,
        HasCategory = IsUnsent(UnsentOrderColumns.Category) ? known.HasCategory : HasCategory,
        Currency = IsUnsent(UnsentOrderColumns.Currency) ? known.Currency : Currency,
        Status = IsUnsent(UnsentOrderColumns.Status) ? known.Status : Status,
        Invoice = IsUnsent(UnsentOrderColumns.Invoice) ? known.Invoice : Invoice,
        Unsent = UnsentOrderColumns.None,
    };

    bool IsUnsent(UnsentOrderColumns column) => (Unsent & column) != UnsentOrderColumns.None;

    public void Write(ByteWriter to)
    {
        to.Byte(Unsent == UnsentOrderColumns.None ? Version : PartsVersion);
        to.VarInt64(Id.Value);
        to.VarInt64(Merchant.Value);
        to.NullableVarInt64(Promoter?.Value);
        to.NullableVarInt64(CarrierId);
        to.Span(BuyerCountry);
        to.NullableSpan(!HasCategory, Category);
        to.Span(Currency);
        Write(to, Gross);
        Write(to, Shipping);
        Write(to, Refunded);
        to.Byte((byte)Status);
        to.Bool(ExportRefund);
        to.NullableVarInt64(CompletedAt?.Microseconds);
        to.NullableSpan(Invoice.IsEmpty, Invoice);
        if (Unsent != UnsentOrderColumns.None)
        {
            to.Byte((byte)Unsent);
        }
    }

    /// <exception cref="CorruptStateException">The bytes are no row of ours.</exception>
    public static OrderRow Read(scoped ref ByteReader from)
    {
        var version = from.Byte();
        if (version is not (Version or PartsVersion))
        {
            throw new CorruptStateException($"an order row has version {version}, this program knows {Version} and {PartsVersion}");
        }

        var id = new OrderId(from.VarInt64());
        var merchant = new MerchantId(from.VarInt64());
        var promoter = from.NullableVarInt64();
        var carrier = from.NullableVarInt64();
        var country = from.Span();
        var category = from.NullableSpan(out var noCategory);
        return new OrderRow
        {
            Id = id,
            Merchant = merchant,
            Promoter = promoter is { } p ? new PromoterId(p) : null,
            CarrierId = carrier,
            BuyerCountry = country,
            Category = category,
            HasCategory = !noCategory,
            Currency = from.Span(),
            Gross = ReadAmount(ref from),
            Shipping = ReadAmount(ref from),
            Refunded = ReadAmount(ref from),
            Status = (OrderStatus)from.Byte(),
            ExportRefund = from.Bool(),
            CompletedAt = from.NullableVarInt64() is { } at ? new UtcInstant(at) : null,
            Invoice = from.NullableSpan(out _),
            Unsent = version == PartsVersion ? (UnsentOrderColumns)from.Byte() : UnsentOrderColumns.None,
        };
    }

    static void Write(ByteWriter to, DecimalAmount amount)
    {
        to.Byte(amount.Scale);
        to.Int128(amount.Unscaled);
    }

    static DecimalAmount ReadAmount(scoped ref ByteReader from)
    {
        var scale = from.Byte();
        return new(from.Int128(), scale);
    }
}
