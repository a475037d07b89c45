using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>
/// Changes of <c>orders</c> in any form of Debezium: plain envelope, with schema, flattened, in Avro; which one shows in each record. Allocates nothing a record.
/// One instance belongs to one task. Writes the plain envelope.
/// </summary>
public sealed class OrderChangeSerde : ISerde<OrderChange>
{
    readonly OrderColumns columns;
    readonly bool needsPlace;
    readonly OrderDraft draft;
    readonly HeaderFrame frame = new();
    readonly ChangeReader reader;
    readonly ByteBuffer json = new(1024);

    /// <param name="schemas">The schemas of records in Avro; null where no registry is configured.</param>
    /// <param name="unavailable">What stands for a large value that was not sent, beside Debezium's own; null for that alone.</param>
    /// <param name="needsPlace">A change without a position is refused, as of an outbox, where it would mean that nobody gives places any more.</param>
    public OrderChangeSerde(OrderColumns? columns = null, IWriterSchemas? schemas = null, string? unavailable = null, bool needsPlace = false)
    {
        this.needsPlace = needsPlace;
        this.columns = columns ?? new();
        draft = new(this.columns, new(unavailable ?? UnavailableText.Default));
        reader = new(draft, schemas);
    }

    /// <summary>The one for a source as it is configured.</summary>
    /// <param name="schemas">The schemas of records in Avro; null where no registry is configured.</param>
    public static OrderChangeSerde Of(EmbeddedCdcOptions source, IWriterSchemas? schemas) => new(source.Orders, schemas, source.UnavailableValue, source.Outbox);

    /// <inheritdoc/>
    public OrderChange Read(ReadOnlySpan<byte> source, Headers headers) => Read(frame.OfValue(source, headers));

    /// <inheritdoc/>
    public OrderChange Read(ReadOnlySpan<byte> source)
    {
        var head = reader.Read(source, out var body);
        try
        {
            if (needsPlace && head.Op != ChangeOp.None && !head.Position.HasLsn)
            {
                throw new SerdeException("it has no place in the source's history (__lsn): the trigger of connectors/shop-outbox.sql has not fired");
            }

            return head.Op switch
            {
                ChangeOp.Upsert => Upsert(head, body),
                ChangeOp.Delete => new OrderChange
                {
                    Op = ChangeOp.Delete, Id = new(draft.RequiredKey), Position = head.Position, CommittedAt = head.CommittedAt, TxId = head.TxId, WasCompleted = reader.HadBefore(body),
                },
                _ => new OrderChange { Op = head.Op, Position = head.Position, CommittedAt = head.CommittedAt, TxId = head.TxId },
            };
        }
        catch (SerdeException e)
        {
            throw new SerdeException($"a change of orders{(draft.Key is { } key ? $", row {key}," : "")} cannot be read: {e.Message}", e);
        }
    }

    public void Write(OrderChange value, ByteWriter destination)
    {
        json.Clear();
        ChangeJson.WriteOrder(json, columns, value);
        destination.Raw(json.Written);
    }

    OrderChange Upsert(ChangeHead head, ReadOnlySpan<byte> body)
    {
        var row = draft.ToRow(reader.Texts, body);
        return new()
        {
            Op = ChangeOp.Upsert, Id = row.Id, Position = head.Position, CommittedAt = head.CommittedAt, TxId = head.TxId, WasCompleted = reader.HadBefore(body), Row = row,
        };
    }
}
