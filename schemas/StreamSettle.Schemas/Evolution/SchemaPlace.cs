using System.Globalization;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Evolution;

/// <summary>A place of a schema, as people name it.</summary>
static class SchemaPlace
{
    /// <summary><c>/fields/6/type/1/fields/2</c> becomes <c>row.promoter</c>: names of fields with dots between, <c>[]</c> for the items of an array or the values of a map.</summary>
    public static string Of(AvroSchema schema, string location)
    {
        var place = "";
        AvroSchema? at = schema;
        var parts = location.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length && at is not null; i++)
        {
            switch (parts[i], at)
            {
                case ("fields", RecordSchema record):
                    var field = record.Fields[Number(parts[++i])];
                    place = SchemaPairs.Join(place, field.Name);
                    at = field.Schema;
                    break;
                case ("items" or "values", ArraySchema or MapSchema):
                    place += "[]";
                    at = at is ArraySchema array ? array.Items : ((MapSchema)at).Values;
                    break;
                case ("type", _):
                    break;
                default:
                    // A branch of the union; or what of a type does not fit, of which the place is told already.
                    at = at is UnionSchema union && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var branch) ? union.Branches.ElementAtOrDefault(branch) : null;
                    break;
            }
        }

        return place;
    }

    static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
