using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Changes of <c>promoters</c>; as <see cref="OrderChangeSerde"/>.</summary>
public sealed class PromoterChangeSerde : ISerde<PromoterChange>
{
    readonly PromoterColumns columns;
    readonly PromoterDraft draft;
    readonly HeaderFrame frame = new();
    readonly ChangeReader reader;
    readonly ByteBuffer json = new(512);

    /// <param name="schemas">The schemas of records in Avro; null where no registry is configured.</param>
    public PromoterChangeSerde(PromoterColumns? columns = null, IWriterSchemas? schemas = null)
    {
        this.columns = columns ?? new();
        draft = new(this.columns);
        reader = new(draft, schemas);
    }

    /// <inheritdoc/>
    public PromoterChange Read(ReadOnlySpan<byte> source, Headers headers) => Read(frame.OfValue(source, headers));

    /// <inheritdoc/>
    public PromoterChange Read(ReadOnlySpan<byte> source)
    {
        var head = reader.Read(source, out _);
        return head.Op switch
        {
            ChangeOp.Upsert => new(ChangeOp.Upsert, new(draft.RequiredKey), head.Position, draft.Parent is { } parent ? new PromoterId(parent) : null),
            ChangeOp.Delete => new(ChangeOp.Delete, new(draft.RequiredKey), head.Position, null),
            _ => new(head.Op, default, head.Position, null),
        };
    }

    public void Write(PromoterChange value, ByteWriter destination)
    {
        json.Clear();
        ChangeJson.WritePromoter(json, columns, value);
        destination.Raw(json.Written);
    }
}
