using System.Text;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Connectors.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Money;
using StreamSettle.Kernel.Time;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Promoters;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Writes changes as plain envelopes with what our change types hold: for tests and tools. The embedded source writes its own, from the server's text.</summary>
internal static class ChangeJson
{
    public static void WriteOrder(ByteBuffer to, OrderColumns names, OrderChange change)
    {
        BeginRow(to, change.Op, names.OrderId, change.Id.Value);
        if (change.Op == ChangeOp.Upsert)
        {
            var row = change.Row;
            Number(to, names.MerchantId, row.Merchant.Value);
            Number(to, names.PromoterId, row.Promoter?.Value);
            Number(to, names.CarrierId, row.CarrierId);
            Text(to, names.BuyerCountry, false, row.BuyerCountry, row.Unsent.HasFlag(UnsentOrderColumns.BuyerCountry));
            Text(to, names.CategoryName, !row.HasCategory, row.Category, row.Unsent.HasFlag(UnsentOrderColumns.Category));
            Text(to, names.Currency, false, row.Currency, row.Unsent.HasFlag(UnsentOrderColumns.Currency));
            Amount(to, names.GrossAmount, row.Gross);
            Amount(to, names.ShippingAmount, row.Shipping);
            Amount(to, names.RefundedAmount, row.Refunded);
            Text(to, names.Status, false, OrderStatusLabel.Of(row.Status), row.Unsent.HasFlag(UnsentOrderColumns.Status));
            Name(to, names.ExportRefund);
            to.Write(row.ExportRefund ? "true"u8 : "false"u8);
            Instant(to, names.CompletedAt, row.CompletedAt);
            Text(to, names.Invoice, !row.HasInvoice, row.Invoice, row.Unsent.HasFlag(UnsentOrderColumns.Invoice));
        }

        EndRow(to, change.Op, change.Position, change.Transaction);
    }

    public static void WriteMerchant(ByteBuffer to, MerchantColumns names, MerchantChange change)
    {
        BeginRow(to, change.Op, names.MerchantId, change.Id.Value);
        if (change.Op == ChangeOp.Upsert)
        {
            Text(to, names.Tier, false, change.Row.Tier, change.Row.Unsent.HasFlag(UnsentMerchantColumns.Tier));
            Text(to, names.Country, false, change.Row.Country, change.Row.Unsent.HasFlag(UnsentMerchantColumns.Country));
            Text(to, names.TimeZone, false, change.Row.TimeZone, change.Row.Unsent.HasFlag(UnsentMerchantColumns.TimeZone));
        }

        EndRow(to, change.Op, change.Position, default);
    }

    public static void WritePromoter(ByteBuffer to, PromoterColumns names, PromoterChange change)
    {
        BeginRow(to, change.Op, names.PromoterId, change.Id.Value);
        if (change.Op == ChangeOp.Upsert)
        {
            Number(to, names.ParentId, change.Parent?.Value);
        }

        EndRow(to, change.Op, change.Position, default);
    }

    static void BeginRow(ByteBuffer to, ChangeOp op, string keyName, long key)
    {
        to.Write(op == ChangeOp.Upsert ? "{\"before\":null,\"after\":"u8 : "{\"before\":"u8);
        if (op is ChangeOp.None or ChangeOp.Sweep)
        {
            to.Write("null"u8);
            return;
        }

        to.Write("{"u8);
        JsonText.Text(to, Encoding.UTF8.GetBytes(keyName));
        to.Write(":"u8);
        JsonText.Number(to, key);
    }

    static void EndRow(ByteBuffer to, ChangeOp op, ChangePosition position, SourceTransaction transaction)
    {
        to.Write(op is ChangeOp.None or ChangeOp.Sweep ? ""u8 : "}"u8);
        to.Write(op == ChangeOp.Upsert ? ""u8 : ",\"after\":null"u8);
        to.Write(",\"source\":{\"snapshot\":"u8);
        to.Write(position.Kind switch
        {
            PositionKind.Snapshot => "\"true\""u8,
            PositionKind.Scanned => "\"incremental\""u8,
            _ => "\"false\""u8,
        });
        Sequence(to, position);
        to.Write(",\"lsn\":"u8);
        Long(to, position.HasLsn ? position.Lsn : null);
        to.Write(",\"ts_us\":"u8);
        Long(to, transaction.CommittedAt.Microseconds);
        to.Write(",\"txId\":"u8);
        Long(to, transaction.TxId == 0 ? null : transaction.TxId);
        to.Write("},\"transaction\":null,\"op\":"u8);
        to.Write(op switch
        {
            ChangeOp.Delete => "\"d\"}"u8,
            ChangeOp.None => "\"m\"}"u8,
            ChangeOp.Sweep => "\"t\"}"u8,
            _ => position.IsStreamed ? "\"u\"}"u8 : "\"r\"}"u8,
        });
    }

    static void Sequence(ByteBuffer to, ChangePosition position)
    {
        if (position.Kind == PositionKind.Streamed)
        {
            to.Write(",\"sequence\":\"[\\\""u8);
            JsonText.Number(to, position.Commit);
            to.Write("\\\",\\\""u8);
            JsonText.Number(to, position.Lsn);
            to.Write("\\\"]\""u8);
        }
    }

    static void Name(ByteBuffer to, string name)
    {
        to.Write(","u8);
        JsonText.Text(to, Encoding.UTF8.GetBytes(name));
        to.Write(":"u8);
    }

    static void Long(ByteBuffer to, long? value)
    {
        if (value is { } number)
        {
            JsonText.Number(to, number);
        }
        else
        {
            to.Write("null"u8);
        }
    }

    static void Number(ByteBuffer to, string name, long? value)
    {
        Name(to, name);
        Long(to, value);
    }

    static void Text(ByteBuffer to, string name, bool isNull, ReadOnlySpan<byte> value, bool isUnsent = false)
    {
        Name(to, name);
        if (isUnsent)
        {
            JsonText.Text(to, UnavailableText.Debeziums);
        }
        else if (isNull)
        {
            to.Write("null"u8);
        }
        else
        {
            JsonText.Text(to, value);
        }
    }

    static void Amount(ByteBuffer to, string name, DecimalAmount value) => Text(to, name, false, Encoding.ASCII.GetBytes(value.ToString()));

    static void Instant(ByteBuffer to, string name, UtcInstant? value) =>
        Text(to, name, value is null, value is { } at ? Encoding.ASCII.GetBytes(at.ToString()) : []);
}
