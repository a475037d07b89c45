using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Avro.Reading;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>How changes of one writer's schema are read: an envelope, or a row flattened by <c>ExtractNewRecordState</c>. Made once a schema.</summary>
internal sealed class ChangeBinding
{
    static readonly AvroLimits Limits = new() { MaxBytes = Forms.ChangeReader.MaxRecordBytes };

    ChangeBinding(AvroPlan plan, AvroColumn[] columns, bool isEnvelope) => (Plan, Columns, IsEnvelope) = (plan, columns, isEnvelope);

    public AvroPlan Plan { get; }

    public AvroColumn[] Columns { get; }

    public bool IsEnvelope { get; }

    /// <exception cref="SerdeException">A column is in a form that is not read.</exception>
    public static ChangeBinding Of(AvroSchema writer, RowDraft draft)
    {
        var record = writer as RecordSchema ?? throw new SerdeException($"the writer's schema is {writer.Description}, expected a record");
        var binding = new AvroBinding();
        var isEnvelope = record.Field("op") is not null && record.Field("source") is not null;
        var columns = new AvroColumn[draft.Columns.Count];
        if (isEnvelope)
        {
            Envelope(binding, draft);
            BindColumns(binding, draft, RowOf(record), "after.", columns);
        }
        else
        {
            Flat(binding);
            BindColumns(binding, draft, record, "", columns);
        }

        return new(AvroPlan.Compile(writer, writer, binding, Limits), columns, isEnvelope);
    }

    static void Envelope(AvroBinding binding, RowDraft draft)
    {
        binding.Bind("after", ChangeSlots.After).Bind("op", ChangeSlots.Op).Bind("ts_ms", ChangeSlots.OuterMs)
            .Bind("source.lsn", ChangeSlots.Lsn).Bind("source.sequence", ChangeSlots.Sequence).Bind("source.txId", ChangeSlots.TxId)
            .Bind("source.snapshot", ChangeSlots.Snapshot).Bind("source.ts_us", ChangeSlots.SourceUs).Bind("source.ts_ms", ChangeSlots.SourceMs)
            .Bind($"before.{draft.Columns[0]}", ChangeSlots.BeforeKey);
        if (draft.Watched is { } column)
        {
            binding.Bind($"before.{draft.Columns[column]}", ChangeSlots.BeforeWatched);
        }
    }

    static void Flat(AvroBinding binding)
    {
        binding.Bind("__op", ChangeSlots.Op).Bind("__deleted", ChangeSlots.Deleted).Bind("__ts_ms", ChangeSlots.OuterMs)
            .Bind("__source_ts_us", ChangeSlots.SourceUs).Bind("__source_ts_ms", ChangeSlots.SourceMs);
        foreach (var prefix in new[] { "__", "__source_" })
        {
            binding.Bind($"{prefix}lsn", ChangeSlots.Lsn).Bind($"{prefix}sequence", ChangeSlots.Sequence).Bind($"{prefix}txId", ChangeSlots.TxId);
        }
    }

    static void BindColumns(AvroBinding binding, RowDraft draft, RecordSchema? row, string path, AvroColumn[] columns)
    {
        for (var column = 0; column < columns.Length; column++)
        {
            var name = draft.Columns[column];
            if (row?.Field(name) is not { } field)
            {
                continue;
            }

            columns[column] = AvroColumns.Of(name, draft.ValueOf(column), field.Schema);
            binding.Bind(path + name, ChangeSlots.Value(column));
            if (columns[column].Form == AvroColumnForm.DecimalStruct)
            {
                binding.Bind($"{path}{name}.scale", ChangeSlots.Scale(column)).Bind($"{path}{name}.value", ChangeSlots.Digits(column));
            }
        }
    }

    /// <summary>The rows' schema; null in messages, which have none.</summary>
    static RecordSchema? RowOf(RecordSchema envelope) => envelope.Field("after")?.Schema switch
    {
        // Columns of one branch could mean other amounts in another.
        UnionSchema union when union.Branches.OfType<RecordSchema>().Skip(1).Any() => throw new SerdeException($"after is {union.Description} in the writer's schema, expected one record or null"),
        UnionSchema union => union.Branches.OfType<RecordSchema>().SingleOrDefault(),
        var other => other as RecordSchema,
    };
}
