using StreamSettle.Connectors.Embedded;

namespace StreamSettle.Connectors.Debezium.Outbox;

/// <summary>
/// The table into which a shop inserts each change of an order, in the transaction that makes it (<c>connectors/shop-outbox.sql</c>). Only what is inserted counts: rows may be
/// deleted as soon as they were committed.
/// </summary>
internal static class OutboxTable
{
    public static TableName Name { get; } = new("public", "streamsettle_outbox");

    /// <summary>Which order an event is of.</summary>
    public const string Aggregate = "aggregateid";

    /// <summary>The order's row, with its place in the source's history.</summary>
    public const string Payload = "payload";

    /// <summary>What the trigger calls that gives each event its place.</summary>
    public const string PlaceFunction = "streamsettle_outbox_place";

    /// <summary>In the place of the table of orders.</summary>
    /// <param name="topic">Where the events are routed to: that of the orders.</param>
    /// <param name="orderId">What the key's column is called there.</param>
    public static CapturedTable In(int index, string topic, string orderId) => new(
        index, Name, topic, "id",
        [new("id", ColumnKind.Any, true), new("aggregatetype", ColumnKind.Text, true), new(Aggregate, ColumnKind.Integer, true), new(Payload, ColumnKind.Any, true)], NeedsFullIdentity: false)
    {
        EventKey = orderId,
    };
}
