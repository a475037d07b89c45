using StreamSettle.Kernel.Calls;

namespace StreamSettle.Topology.Names;

/// <summary>The topics of the settlement, once. Repartition topics carry the runtime's prefix and suffix: <c>&lt;app&gt;-due-orders-repartition</c>.</summary>
public static class Topics
{
    /// <summary>Facts for the event log, keyed by order id (8 bytes, big-endian).</summary>
    public const string SettlementEvents = "settlement-events";

    /// <summary>What waits for a person, compacted by id.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>What operators ask for; each request stands in every partition, and the task that knows the order acts.</summary>
    public const string OperatorCommands = "operator-commands";

    /// <summary>What people keep back; read by all.</summary>
    public const string Holds = "holds";

    /// <summary>Up to where the source stands in the log; read by all.</summary>
    public const string SourceProgress = Schemas.Sources.SourceProgress.Topic;

    /// <summary>Up to which mark each clock task has fired, and who waits for it; read by all.</summary>
    public const string ClockProgress = "clock-progress";

    /// <summary>What instances tell each other of the downstream systems' budgets; read by all.</summary>
    public const string DownstreamBudgets = "downstream-budgets";

    /// <summary>Repartition by merchant: orders at their mark, and what happens to them afterwards.</summary>
    public const string DueOrders = "due-orders";

    /// <summary>Repartition by merchant: what became of the calls.</summary>
    public const string DeliveryResults = "delivery-results";

    /// <summary>To the clock task that handed them over: orders that settle is done with and nobody needs any more.</summary>
    public const string FinishedOrders = "finished-orders";

    public static string Orders(string prefix) => prefix + ".public.orders";

    public static string Merchants(string prefix) => prefix + ".public.merchants";

    public static string Promoters(string prefix) => prefix + ".public.promoters";

    /// <summary>Repartition by merchant: the calls of one downstream, <c>split-commands</c>.</summary>
    public static string Commands(Leg leg) => leg.Name() + "-commands";

    /// <summary>A topic of ours on a cluster, where other applications have theirs: <c>&lt;app&gt;-settlement-events</c>.</summary>
    public static string Shared(string applicationId, string name) => $"{applicationId}-{name}";

    /// <summary>A repartition topic's full name, as Kafka Streams makes it.</summary>
    public static string Repartition(string applicationId, string name) => $"{applicationId}-{name}-repartition";
}
