using System.Globalization;
using System.Text;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>A decoded change as one line, to compare changes that are only views.</summary>
internal static class OrderText
{
    public static string Of(OrderChange change) => $"{change.Op} {change.Id} {change.Position} {change.CommittedAt} {RowOf(change)}";

    /// <summary>Without what differs between two captures of the same changes.</summary>
    public static string WithoutPosition(OrderChange change) =>
        $"{change.Op} {change.Id} {(change.Op == ChangeOp.Delete || change.Position.IsStreamed ? "streamed" : "snapshot")} {RowOf(change)}";

    public static string RowOf(OrderChange change)
    {
        if (change.Op != ChangeOp.Upsert)
        {
            return "-";
        }

        var row = change.Row;
        return string.Create(CultureInfo.InvariantCulture, $"""
            {row.Id} {row.Merchant} {row.Promoter} {row.CarrierId} {Text(row.BuyerCountry)} {row.HasCategory}:{Text(row.Category)} {Text(row.Currency)} {row.Gross} {row.Shipping} {row.Refunded} {row.Status} {row.ExportRefund} {row.CompletedAt} {Text(row.Invoice)}
            """);
    }

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
