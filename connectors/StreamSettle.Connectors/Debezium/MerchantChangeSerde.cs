using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium;

/// <summary>Changes of <c>merchants</c>; as <see cref="OrderChangeSerde"/>.</summary>
public sealed class MerchantChangeSerde : ISerde<MerchantChange>
{
    readonly MerchantColumns columns;
    readonly MerchantDraft draft;
    readonly HeaderFrame frame = new();
    readonly ChangeReader reader;
    readonly ByteBuffer json = new(512);

    /// <param name="schemas">The schemas of records in Avro; null where no registry is configured.</param>
    /// <param name="unavailable">What stands for a large value that was not sent, beside Debezium's own; null for that alone.</param>
    public MerchantChangeSerde(MerchantColumns? columns = null, IWriterSchemas? schemas = null, string? unavailable = null)
    {
        this.columns = columns ?? new();
        draft = new(this.columns, new(unavailable ?? UnavailableText.Default));
        reader = new(draft, schemas);
    }

    /// <inheritdoc cref="OrderChangeSerde.Of"/>
    public static MerchantChangeSerde Of(EmbeddedCdcOptions source, IWriterSchemas? schemas) => new(source.Merchants, schemas, source.UnavailableValue);

    /// <inheritdoc/>
    public MerchantChange Read(ReadOnlySpan<byte> source, Headers headers) => Read(frame.OfValue(source, headers));

    /// <inheritdoc/>
    public MerchantChange Read(ReadOnlySpan<byte> source)
    {
        var head = reader.Read(source, out var body);
        return head.Op switch
        {
            ChangeOp.Upsert => new MerchantChange
            {
                Op = ChangeOp.Upsert, Id = new(draft.RequiredKey), Position = head.Position, Row = draft.ToRow(reader.Texts, body),
            },
            ChangeOp.Delete => new MerchantChange { Op = ChangeOp.Delete, Id = new(draft.RequiredKey), Position = head.Position },
            _ => new MerchantChange { Op = head.Op, Position = head.Position },
        };
    }

    public void Write(MerchantChange value, ByteWriter destination)
    {
        json.Clear();
        ChangeJson.WriteMerchant(json, columns, value);
        destination.Raw(json.Written);
    }
}
