using System.Text;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro.Binary;

namespace StreamSettle.Schemas.Avro.Values;

/// <summary>Writes trees of values: for tools and tests.</summary>
public static class AvroValueWriter
{
    /// <exception cref="ArgumentException">The value is not of the schema.</exception>
    public static void Write(AvroValue value, AvroSchema schema, ByteBuffer to)
    {
        var encoder = new AvroEncoder(to);
        switch (value, schema)
        {
            case (AvroValue.Union chosen, UnionSchema union) when chosen.Branch >= 0 && chosen.Branch < union.Branches.Count:
                encoder.Long(chosen.Branch);
                Write(chosen.Value, union.Branches[chosen.Branch], to);
                break;
            case (AvroValue.Record record, RecordSchema fields) when record.Fields.Count == fields.Fields.Count:
                for (var i = 0; i < record.Fields.Count; i++)
                {
                    Write(record.Fields[i], fields.Fields[i].Schema, to);
                }

                break;
            case (AvroValue.Array array, ArraySchema items):
                Begin(encoder, array.Items.Count);
                foreach (var item in array.Items)
                {
                    Write(item, items.Items, to);
                }

                encoder.Long(0);
                break;
            case (AvroValue.Map map, MapSchema values):
                Begin(encoder, map.Entries.Count);
                foreach (var (key, entry) in map.Entries)
                {
                    encoder.Bytes(Encoding.UTF8.GetBytes(key));
                    Write(entry, values.Values, to);
                }

                encoder.Long(0);
                break;
            default:
                WriteSimple(value, schema, encoder);
                break;
        }
    }

    static void Begin(AvroEncoder encoder, int count)
    {
        if (count > 0)
        {
            encoder.Long(count);
        }
    }

    static void WriteSimple(AvroValue value, AvroSchema schema, AvroEncoder encoder)
    {
        switch (value, schema.Type)
        {
            case (AvroValue.Null, AvroType.Null): break;
            case (AvroValue.Boolean one, AvroType.Boolean): encoder.Boolean(one.Value); break;
            case (AvroValue.Int one, AvroType.Int): encoder.Int(one.Value); break;
            case (AvroValue.Long one, AvroType.Long): encoder.Long(one.Value); break;
            case (AvroValue.Float one, AvroType.Float): encoder.Float(one.Value); break;
            case (AvroValue.Double one, AvroType.Double): encoder.Double(one.Value); break;
            case (AvroValue.Bytes one, AvroType.Bytes): encoder.Bytes(one.Value.Span); break;
            case (AvroValue.Bytes one, AvroType.Fixed) when one.Value.Length == ((FixedSchema)schema).Size: encoder.Fixed(one.Value.Span); break;
            case (AvroValue.Text one, AvroType.String): encoder.Bytes(Encoding.UTF8.GetBytes(one.Value)); break;
            case (AvroValue.Enum one, AvroType.Enum) when one.Index >= 0 && one.Index < ((EnumSchema)schema).Symbols.Count: encoder.Int(one.Index); break;
            default: throw new ArgumentException($"{value} is no value of {schema.Description}", nameof(value));
        }
    }
}
