using System.Globalization;
using System.Text;

namespace StreamSettle.Schemas.Avro.Identity;

/// <summary>
/// The specification's Parsing Canonical Form: what a reader of the bytes needs and nothing else. Schemas that differ only in docs, defaults, aliases or logical
/// types have the same, so that it does not say whether two schemas are one in a registry.
/// </summary>
public static class CanonicalForm
{
    public static string Of(AvroSchema schema)
    {
        var text = new StringBuilder();
        Write(text, schema, []);
        return text.ToString();
    }

    static void Write(StringBuilder text, AvroSchema schema, HashSet<string> written)
    {
        switch (schema)
        {
            case NamedSchema named when !written.Add(named.Name.Full):
                text.Append('"').Append(named.Name.Full).Append('"');
                break;
            case RecordSchema record:
                Begin(text, record, "record").Append(",\"fields\":");
                List(text, record.Fields, field =>
                {
                    text.Append("{\"name\":\"").Append(field.Name).Append("\",\"type\":");
                    Write(text, field.Schema, written);
                    text.Append('}');
                });
                text.Append('}');
                break;
            case EnumSchema symbols:
                Begin(text, symbols, "enum").Append(",\"symbols\":");
                List(text, symbols.Symbols, symbol => text.Append('"').Append(symbol).Append('"'));
                text.Append('}');
                break;
            case FixedSchema raw:
                Begin(text, raw, "fixed").Append(CultureInfo.InvariantCulture, $",\"size\":{raw.Size}}}");
                break;
            case ArraySchema array:
                Wrap(text, "{\"type\":\"array\",\"items\":", array.Items, written);
                break;
            case MapSchema map:
                Wrap(text, "{\"type\":\"map\",\"values\":", map.Values, written);
                break;
            case UnionSchema union:
                List(text, union.Branches, branch => Write(text, branch, written));
                break;
            default:
                text.Append('"').Append(schema.Description).Append('"');
                break;
        }
    }

    static StringBuilder Begin(StringBuilder text, NamedSchema schema, string type) =>
        text.Append("{\"name\":\"").Append(schema.Name.Full).Append("\",\"type\":\"").Append(type).Append('"');

    static void Wrap(StringBuilder text, string head, AvroSchema part, HashSet<string> written)
    {
        text.Append(head);
        Write(text, part, written);
        text.Append('}');
    }

    static void List<T>(StringBuilder text, IReadOnlyList<T> items, Action<T> write)
    {
        text.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                text.Append(',');
            }

            write(items[i]);
        }

        text.Append(']');
    }
}
