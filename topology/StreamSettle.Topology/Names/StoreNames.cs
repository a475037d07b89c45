namespace StreamSettle.Topology.Names;

/// <summary>The stores of the settlement, once. Delivery's own are named by delivery.</summary>
public static class StoreNames
{
    /// <summary>By order id: every order that the clock knows.</summary>
    public const string OpenOrders = "open-orders";

    /// <summary>Windows of marks: when the clock has to look at an order.</summary>
    public const string OpenOrdersByDue = "open-orders-by-due";

    /// <summary>By order id: every order from its mark on, as far as it changes.</summary>
    public const string Settlements = "settlements";

    /// <summary>By order id: how the money of a calculated order was divided.</summary>
    public const string Divisions = "divisions";

    /// <summary>Windows of marks: when settle has to look at an order.</summary>
    public const string SettlementsByDue = "settlements-by-due";

    /// <summary>By mark and order id: orders that something holds.</summary>
    public const string HeldOrders = "held-orders";

    /// <summary>Splits that payout terms keep back, by what they wait for.</summary>
    public const string WaitingPayouts = "waiting-payouts";

    /// <summary>By order id: calculated orders whose changed row may be the middle of a transaction.</summary>
    public const string WaitingRefunds = "waiting-refunds";

    /// <summary>Running numbers of a clock task, how far it has forgotten orders, up to where they were swept, and which assignment it is.</summary>
    public const string ClockTallies = "clock-tallies";

    /// <summary>Running numbers of a settle task.</summary>
    public const string SettleTallies = "settle-tallies";

    /// <summary>Global: merchants by id.</summary>
    public const string Merchants = "merchants";

    /// <summary>Global: promoters by id.</summary>
    public const string Promoters = "promoters";

    /// <summary>Global: dead letters by id.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>Global: holds by id.</summary>
    public const string Holds = "holds";

    /// <summary>Global: by partition, the last report of its clock task.</summary>
    public const string ClockProgress = "clock-progress";
}
