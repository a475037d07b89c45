using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Schemas.Changes;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A record of any of the three tables, as the service reads it.</summary>
internal static class AnyChange
{
    public static (ChangeOp Op, ChangePosition Position) Read(string table, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        switch (table)
        {
            case "orders":
                var order = new OrderChangeSerde().Read(bytes);
                return (order.Op, order.Position);
            case "merchants":
                var merchant = new MerchantChangeSerde().Read(bytes);
                return (merchant.Op, merchant.Position);
            default:
                var promoter = new PromoterChangeSerde().Read(bytes);
                return (promoter.Op, promoter.Position);
        }
    }
}
