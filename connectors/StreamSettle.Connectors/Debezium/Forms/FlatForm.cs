using System.Text.Json;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>
/// A row flattened by <c>ExtractNewRecordState</c>: its columns, and what <c>add.fields</c> adds with two underscores. Without <c>__lsn</c> a change has no
/// position and offset order decides, without <c>__source_sequence</c> its own place is all of it; without <c>__op</c> and <c>__deleted</c> it is an upsert.
/// </summary>
internal static class FlatForm
{
    /// <param name="reader">Stands on the first member's name; afterwards on the object's end.</param>
    public static ChangeHead Read(ref Utf8JsonReader reader, RowDraft draft, ColumnPlan[] plan, TextStore texts)
    {
        ChangeHead head = default;
        draft.Columns.Restart();
        for (; reader.TokenType == JsonTokenType.PropertyName; reader.Read())
        {
            var name = draft.Columns.Member.Of(in reader);
            var column = draft.Columns.Find(name);
            reader.Read();
            if (column != ColumnNames.Unknown)
            {
                draft.Set(column, ref reader, plan[column], texts);
            }
            else if (name.StartsWith("__"u8))
            {
                Added(name, ref reader, ref head);
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                reader.Skip();
            }
        }

        head.SetUpsertIfNone();
        return draft.Key.HasValue ? head : throw new SerdeException($"it is no envelope, and as a row it has no {draft.Columns[0]}");
    }

    static void Added(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader, ref ChangeHead head)
    {
        if (name.SequenceEqual("__op"u8))
        {
            head.SetOp(ref reader);
        }
        else if (name.SequenceEqual("__deleted"u8))
        {
            head.SetDeleted(ref reader);
        }
        else if (name.SequenceEqual("__lsn"u8) || name.SequenceEqual("__source_lsn"u8))
        {
            head.SetLsn(ref reader);
        }
        else if (name.SequenceEqual("__sequence"u8) || name.SequenceEqual("__source_sequence"u8))
        {
            head.SetSequence(ref reader);
        }
        else if (name.SequenceEqual("__txId"u8) || name.SequenceEqual("__source_txId"u8))
        {
            head.SetTxId(ref reader);
        }
        else if (name.SequenceEqual("__source_ts_us"u8))
        {
            head.SetSourceUs(ref reader);
        }
        else if (name.SequenceEqual("__source_ts_ms"u8))
        {
            head.SetSourceMs(ref reader);
        }
        else if (name.SequenceEqual("__ts_ms"u8))
        {
            head.SetOuterMs(ref reader);
        }
    }
}
