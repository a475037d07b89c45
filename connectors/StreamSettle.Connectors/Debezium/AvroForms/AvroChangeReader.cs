using StreamSettle.Connectors.Debezium.Forms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Avro.Reading;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Reads one change record in Avro, framed by a registry's serializer, into a draft of its row. Nothing is allocated for a record.</summary>
/// <param name="schemas">Null where no registry is configured.</param>
internal sealed class AvroChangeReader(RowDraft draft, TextStore texts, IWriterSchemas? schemas)
{
    readonly WriterPlans<ChangeBinding> bindings = new(schemas, writer => ChangeBinding.Of(writer, draft));

    /// <summary>The row before the change had a value in the column that the draft watches.</summary>
    public bool HadBefore { get; private set; }

    /// <exception cref="SerdeException">The record is no change of this table.</exception>
    public ChangeHead Read(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> body)
    {
        try
        {
            return Read(bindings.Of(record, out body), body);
        }
        catch (Exception e) when (e is WireFormatException or AvroDataException or AvroResolutionException or AvroSchemaException)
        {
            throw new SerdeException(e.Message, e);
        }
    }

    ChangeHead Read(ChangeBinding binding, ReadOnlySpan<byte> body)
    {
        texts.Begin(body.Length);
        var sink = new ChangeSink(draft, binding.Columns, texts, body);
        binding.Plan.Read(body, ref sink);
        HadBefore = sink.HadBefore;
        var head = sink.Head;
        if (!binding.IsEnvelope)
        {
            head.SetUpsertIfNone();
            return draft.Key.HasValue ? head : throw new SerdeException($"it is no envelope, and as a row it has no {draft.Columns[0]}");
        }

        if (head.Op == ChangeOp.Delete)
        {
            // Of a deleted row only the key is good: without full replica identity the rest is filled in.
            draft.Clear();
            draft.SetInteger(0, sink.BeforeKey ?? throw new SerdeException("before of a delete is null"));
        }

        return head.Op != ChangeOp.Upsert || sink.HasAfter ? head : throw new SerdeException("after is null, but op says that there is a row");
    }
}
