using System.Text.Json;
using StreamSettle.Streams.Serdes;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>
/// The column plans of schemas that came with records (<c>{"schema":...,"payload":...}</c>). A schema is read once: afterwards its bytes are recognised,
/// from the record's first byte to the payload's.
/// </summary>
internal sealed class SchemaPlans(ColumnNames columns)
{
    /// <summary>A topic has one schema, two while it changes; more than that is forgotten in turn.</summary>
    const int MaxKept = 8;

    readonly List<(byte[] Prefix, ColumnPlan[] Plan)> kept = [];

    /// <summary>Of records that have their schema behind the payload.</summary>
    byte[] behind = [];
    ColumnPlan[] planBehind = [];
    int last;
    int nextToForget;

    /// <summary>The plan of a record whose beginning is known; where its payload begins goes to <paramref name="payloadStart"/>.</summary>
    public bool TryFind(ReadOnlySpan<byte> record, out ColumnPlan[] plan, out int payloadStart)
    {
        for (var i = 0; i < kept.Count; i++)
        {
            var at = (last + i) % kept.Count;
            if (record.StartsWith(kept[at].Prefix))
            {
                (last, plan, payloadStart) = (at, kept[at].Plan, kept[at].Prefix.Length);
                return true;
            }
        }

        (plan, payloadStart) = ([], 0);
        return false;
    }

    /// <summary>The plan of a schema that stands behind its payload. The last one is known again.</summary>
    /// <exception cref="SerdeException">The schema is not of Connect's form.</exception>
    public ColumnPlan[] Of(ReadOnlySpan<byte> schema)
    {
        if (!schema.SequenceEqual(behind))
        {
            (planBehind, behind) = (Read(schema), schema.ToArray());
        }

        return planBehind;
    }

    /// <summary>Reads a schema that is new.</summary>
    /// <param name="prefix">The record up to its payload.</param>
    /// <param name="schema">The schema in it.</param>
    /// <exception cref="SerdeException">The schema is not of Connect's form.</exception>
    public ColumnPlan[] Add(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> schema)
    {
        var plan = Read(schema);
        if (kept.Count < MaxKept)
        {
            kept.Add((prefix.ToArray(), plan));
            last = kept.Count - 1;
        }
        else
        {
            kept[nextToForget] = (prefix.ToArray(), plan);
            last = nextToForget;
            nextToForget = (nextToForget + 1) % MaxKept;
        }

        return plan;
    }

    ColumnPlan[] Read(ReadOnlySpan<byte> schema)
    {
        var plan = new ColumnPlan[columns.Count];
        using var document = JsonDocument.Parse(schema.ToArray());
        var row = document.RootElement;
        foreach (var field in Fields(row))
        {
            row = Text(field, "field") == "after" ? field : row;
        }

        foreach (var field in Fields(row))
        {
            var column = columns.Find(Text(field, "field") ?? "");
            if (column != ColumnNames.Unknown)
            {
                plan[column] = Plan(field);
            }
        }

        return plan;
    }

    static ColumnPlan Plan(JsonElement field) => Text(field, "name") switch
    {
        "org.apache.kafka.connect.data.Decimal" => new(Scale(field), 0),
        "io.debezium.time.Timestamp" or "org.apache.kafka.connect.data.Timestamp" => new(null, 1_000),
        "io.debezium.time.MicroTimestamp" => new(null, 1_000_000),
        "io.debezium.time.NanoTimestamp" => new(null, 1_000_000_000),
        _ => default,
    };

    static int Scale(JsonElement field) =>
        field.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && int.TryParse(Text(parameters, "scale"), System.Globalization.CultureInfo.InvariantCulture, out var scale)
            ? scale
            : throw new SerdeException($"the schema's decimal field '{Text(field, "field")}' has no scale");

    static IEnumerable<JsonElement> Fields(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Array
            ? fields.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.Object)
            : [];

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
