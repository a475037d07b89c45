using StreamSettle.Schemas.Orders;

namespace StreamSettle.Topology.Pending;

/// <summary>Why an order is cancelled, as <c>SettlementCancelled</c> names it.</summary>
public static class CancelReasons
{
    public const string Deleted = "deleted";
    public const string KeyChanged = "key_changed";

    /// <summary>All of it was refunded before the calculation.</summary>
    public const string NothingToSettle = "nothing_to_settle";

    static readonly string[] ByStatus =
        ["status_other", "status_created", "status_paid", "status_shipped", "status_completed", "status_disputed", "status_cancelled", "status_refunded"];

    /// <summary>The status that is not COMPLETED.</summary>
    public static string Of(OrderStatus status) => ByStatus[(int)status];
}
