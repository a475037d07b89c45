using System.Numerics;
using System.Text;
using System.Text.Json;
using StreamSettle.Connectors.Debezium.AvroForms;
using StreamSettle.Connectors.Debezium.Rows;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>
/// Reads one change record of any form into a draft of its row: envelope, <c>{"schema","payload"}</c> around one, flattened by <c>ExtractNewRecordState</c>, any of
/// these in Avro, or one of JSON as the text of a JSON string, as an outbox's event router writes it. Which form it is shows in the record itself. One pass; nothing is allocated for a record.
/// </summary>
internal sealed class ChangeReader
{
    /// <summary>Longest record that is read, 64 MiB: an invoice or a note may be large, and an order whose change is not read would be paid as it was before.</summary>
    public const int MaxRecordBytes = 64 * 1024 * 1024;

    /// <summary>Deepest nesting that is followed.</summary>
    const int MaxDepth = 32;

    static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    readonly RowDraft draft;
    readonly SchemaPlans plans;
    readonly ColumnPlan[] noPlan;
    readonly AvroChangeReader avro;
    readonly byte[] watched;

    /// <summary>What was the text of a JSON string; as large as the largest.</summary>
    byte[] unescaped = [];
    bool isAvro;
    Range before;

    /// <param name="schemas">Null where no registry is configured.</param>
    public ChangeReader(RowDraft draft, IWriterSchemas? schemas)
    {
        this.draft = draft;
        plans = new(draft.Columns);
        noPlan = new ColumnPlan[draft.Columns.Count];
        avro = new(draft, Texts, schemas);
        watched = Encoding.UTF8.GetBytes($"\"{(draft.Watched is { } column ? draft.Columns[column] : "")}\"");
    }

    public TextStore Texts { get; } = new();

    /// <summary>Reads the record; the draft then holds the row of an upsert, the key of a delete.</summary>
    /// <param name="body">What the draft's text ranges count in.</param>
    /// <exception cref="SerdeException">The record is no change of this table.</exception>
    public ChangeHead Read(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> body)
    {
        draft.Clear();
        before = default;
        isAvro = WireFormat.IsFramed(record);
        try
        {
            if (record.Length > MaxRecordBytes)
            {
                throw new SerdeException($"it has {record.Length} bytes, more than {MaxRecordBytes}");
            }

            var head = isAvro ? avro.Read(record, out body) : ReadForm(record, out body);
            return head.Op != ChangeOp.Sweep || head.Position.HasLsn ? head : throw new SerdeException("a truncate has no position, so that nobody can say what it took");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SerdeException($"a change of {draft.Table} cannot be read: it is no JSON: {e.Message}", e);
        }
        catch (SerdeException e)
        {
            throw new SerdeException($"a change of {draft.Table} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The row before the change had a value in the column that the draft watches. In JSON it is looked for as bytes, since nothing else of that row is wanted: within a
    /// text quotes are escaped. A name that is escaped itself is not found that way.
    /// </summary>
    /// <param name="body">Of the record that was read last.</param>
    /// <exception cref="SerdeException">A name in that row is no text.</exception>
    public bool HadBefore(ReadOnlySpan<byte> body)
    {
        if (isAvro)
        {
            return avro.HadBefore;
        }

        var rest = body[before];
        for (var at = rest.IndexOf(watched); at >= 0; at = rest.IndexOf(watched))
        {
            rest = rest[(at + watched.Length)..].TrimStart(" \t\r\n"u8);
            if (rest.StartsWith(":"u8))
            {
                return !rest[1..].TrimStart(" \t\r\n"u8).StartsWith("null"u8);
            }
        }

        try
        {
            return body[before].Contains((byte)'\\') && HadByName(body[before]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SerdeException($"a change of {draft.Table} cannot be read: its row before the change is no JSON: {e.Message}", e);
        }
    }

    bool HadByName(ReadOnlySpan<byte> row)
    {
        var reader = new Utf8JsonReader(row, Options);
        reader.Read();
        draft.Columns.Restart();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWatched = draft.Watched is { } column && draft.Columns.Find(draft.Columns.Member.Of(in reader)) == column;
            reader.Read();
            if (isWatched)
            {
                return reader.TokenType != JsonTokenType.Null;
            }

            reader.Skip();
        }

        return false;
    }

    ChangeHead ReadForm(ReadOnlySpan<byte> record, out ReadOnlySpan<byte> body)
    {
        if (record.StartsWith("\""u8))
        {
            record = Unescape(record);
        }

        if (plans.TryFind(record, out var known, out var start))
        {
            body = record[start..];
            return ReadWrapped(body, known, "}"u8);
        }

        body = record;
        var reader = new Utf8JsonReader(record, Options);
        Expect(ref reader, JsonTokenType.StartObject, "the record");
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            throw new SerdeException("it is an empty object");
        }

        if (reader.ValueTextEquals("schema"u8) && IsWrapped(reader, record, out var schemaStart, out var schemaEnd, out var payloadStart))
        {
            body = record[payloadStart..];
            return ReadWrapped(body, plans.Add(record[..payloadStart], record[schemaStart..schemaEnd]), "}"u8);
        }

        if (reader.ValueTextEquals("payload"u8) && IsWrappedInReverse(reader, out var payload, out var schema))
        {
            body = record[payload];
            return ReadWrapped(body, plans.Of(record[schema]), []);
        }

        Texts.Begin(body.Length);
        var head = ReadBody(ref reader, body, noPlan);
        return reader.Read() ? throw new SerdeException("something follows the record") : head;
    }

    ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record, Options);
        reader.Read();
        if (unescaped.Length < record.Length)
        {
            unescaped = new byte[BitOperations.RoundUpToPowerOf2((uint)record.Length)];
        }

        // The text is no longer than what it is escaped to.
        var length = reader.CopyString(unescaped);
        return reader.Read() ? throw new SerdeException("something follows the record") : unescaped.AsSpan(0, length);
    }

    /// <summary>The converter's wrapper has exactly these two members, and the schema is an object or null.</summary>
    static bool IsWrapped(Utf8JsonReader reader, ReadOnlySpan<byte> record, out int schemaStart, out int schemaEnd, out int payloadStart)
    {
        (schemaStart, schemaEnd, payloadStart) = (0, 0, 0);
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            return false;
        }

        schemaStart = (int)reader.TokenStartIndex;
        reader.Skip();
        schemaEnd = (int)reader.BytesConsumed;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("payload"u8))
        {
            return false;
        }

        reader.Read();
        payloadStart = (int)reader.TokenStartIndex;
        return true;
    }

    /// <summary>Members of JSON have no order: the same wrapper with its schema behind the payload.</summary>
    static bool IsWrappedInReverse(Utf8JsonReader reader, out Range payload, out Range schema)
    {
        schema = default;
        return TryObject(ref reader, out payload)
            && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("schema"u8)
            && TryObject(ref reader, out schema)
            && reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
    }

    /// <summary>Passes over an object, or a null.</summary>
    static bool TryObject(ref Utf8JsonReader reader, out Range place)
    {
        reader.Read();
        var isObject = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.Null;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        place = start..(int)reader.BytesConsumed;
        return isObject;
    }

    /// <param name="ending">What must follow the payload.</param>
    ChangeHead ReadWrapped(ReadOnlySpan<byte> body, ColumnPlan[] plan, scoped ReadOnlySpan<byte> ending)
    {
        Texts.Begin(body.Length);
        var reader = new Utf8JsonReader(body, Options);
        reader.Read();
        ChangeHead head = default;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            reader.Read();
            head = ReadBody(ref reader, body, plan);
        }
        else if (reader.TokenType != JsonTokenType.Null)
        {
            throw new SerdeException($"the payload is {reader.TokenType}, expected an object");
        }

        var rest = body[(int)reader.BytesConsumed..].Trim(" \t\r\n"u8);
        return rest.SequenceEqual(ending) ? head : throw new SerdeException("something else than schema and payload is in the record");
    }

    /// <summary>Reads an object's members; the reader stands on the first one's name.</summary>
    ChangeHead ReadBody(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> body, ColumnPlan[] plan)
    {
        if (EnvelopeMembers.Find(draft.Columns.Member.Of(in reader)) == EnvelopeMember.Other)
        {
            return FlatForm.Read(ref reader, draft, plan, Texts);
        }

        var head = EnvelopeForm.Read(ref reader, draft, plan, Texts, out before);
        if (head.Op == ChangeOp.Delete)
        {
            ReadKey(body[before]);
        }

        return head;
    }

    /// <summary>Of a deleted row only the key is good: without full replica identity the rest is filled in.</summary>
    void ReadKey(scoped ReadOnlySpan<byte> before)
    {
        draft.Clear();
        var reader = new Utf8JsonReader(before, Options);
        Expect(ref reader, JsonTokenType.StartObject, "before of a delete");
        draft.Columns.Restart();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = draft.Columns.Find(draft.Columns.Member.Of(in reader));
            reader.Read();
            if (column == 0)
            {
                draft.Set(0, ref reader, default, Texts);
            }

            reader.Skip();
        }
    }

    static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new SerdeException($"{what} is {reader.TokenType}, expected {type}");
        }
    }
}
