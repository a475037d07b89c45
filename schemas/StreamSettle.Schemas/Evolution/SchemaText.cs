using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Logical;

namespace StreamSettle.Schemas.Evolution;

/// <summary>Parts of a schema in few words, for people.</summary>
static partial class SchemaText
{
    /// <summary><c>long</c>, <c>timestamp-micros</c>, <c>OrderRow or null</c>, <c>list of long</c>.</summary>
    public static string Of(AvroSchema schema) => schema switch
    {
        { Logical: { } logical } => Of(logical),
        NamedSchema named => named.Name.Short,
        ArraySchema array => $"list of {Of(array.Items)}",
        MapSchema map => $"map of {Of(map.Values)}",
        UnionSchema union => string.Join(" or ", union.Branches.OrderBy(branch => branch.Type == AvroType.Null).Select(Of)),
        _ => schema.Description,
    };

    /// <summary><c>timestamp-micros</c>; of a decimal its digits too.</summary>
    public static string Of(LogicalType logical) => logical.Kind == LogicalKind.Decimal
        ? string.Create(CultureInfo.InvariantCulture, $"decimal({logical.Precision}, {logical.Scale})")
        : WordBegins().Replace(logical.Kind.ToString(), "-$1").ToLowerInvariant();

    /// <summary>The default as the schema's text has it; empty where there is none.</summary>
    public static string DefaultOf(RecordField field) => field.DefaultText is { } value ? Compact(value) : "";

    /// <summary>Without white space.</summary>
    public static string Compact(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Compact(json.RootElement);
    }

    /// <summary>Without white space.</summary>
    public static string Compact(JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordBegins();
}
