using System.Text.Json;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Connectors.Json;
using StreamSettle.Schemas.Changes;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary><c>{"before","after","source","transaction","op","ts_ms",...}</c>, members in any order.</summary>
internal static class EnvelopeForm
{
    /// <param name="reader">Stands on the first member's name; afterwards on the object's end.</param>
    /// <param name="before">Where the row before the change stands in the body.</param>
    public static ChangeHead Read(ref Utf8JsonReader reader, RowDraft draft, ColumnPlan[] plan, TextStore texts, out Range before)
    {
        ChangeHead head = default;
        before = default;
        var hasAfter = false;
        for (; reader.TokenType == JsonTokenType.PropertyName; reader.Read())
        {
            var member = EnvelopeMembers.Find(draft.Columns.Member.Of(in reader));
            reader.Read();
            switch (member)
            {
                case EnvelopeMember.Before:
                    before = Skip(ref reader);
                    break;
                case EnvelopeMember.After:
                    hasAfter = ReadRow(ref reader, draft, plan, texts);
                    break;
                case EnvelopeMember.Source:
                    ReadSource(ref reader, draft.Columns.Member, ref head);
                    break;
                case EnvelopeMember.Op:
                    head.SetOp(ref reader);
                    break;
                case EnvelopeMember.TsMs:
                    head.SetOuterMs(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (!head.HasOp)
        {
            throw new SerdeException("the envelope has no op");
        }

        return head.Op != ChangeOp.Upsert || hasAfter ? head : throw new SerdeException("after is missing, but op says that there is a row");
    }

    static Range Skip(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    static bool ReadRow(ref Utf8JsonReader reader, RowDraft draft, ColumnPlan[] plan, TextStore texts)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new SerdeException($"after is {reader.TokenType}, expected an object");
        }

        draft.Clear();
        draft.Columns.Restart();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = draft.Columns.Find(draft.Columns.Member.Of(in reader));
            reader.Read();
            if (column == ColumnNames.Unknown)
            {
                reader.Skip();
            }
            else
            {
                draft.Set(column, ref reader, plan[column], texts);
            }
        }

        return true;
    }

    static void ReadSource(ref Utf8JsonReader reader, MemberName member, ref ChangeHead head)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = member.Of(in reader);
            reader.Read();
            if (name.SequenceEqual("lsn"u8))
            {
                head.SetLsn(ref reader);
            }
            else if (name.SequenceEqual("sequence"u8))
            {
                head.SetSequence(ref reader);
            }
            else if (name.SequenceEqual("txId"u8))
            {
                head.SetTxId(ref reader);
            }
            else if (name.SequenceEqual("snapshot"u8))
            {
                head.SetSnapshot(ref reader);
            }
            else if (name.SequenceEqual("ts_us"u8))
            {
                head.SetSourceUs(ref reader);
            }
            else if (name.SequenceEqual("ts_ms"u8))
            {
                head.SetSourceMs(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
