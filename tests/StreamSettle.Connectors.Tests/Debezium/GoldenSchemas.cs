using System.Globalization;
using System.Text.Json;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>The schemas that the captured records in Avro were written with.</summary>
internal sealed class GoldenSchemas : IWriterSchemas
{
    readonly Dictionary<string, string> texts = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Golden.PathOf("avro-schemas.json")))!;

    public AvroSchema? Find(int id) => texts.TryGetValue(id.ToString(CultureInfo.InvariantCulture), out var text) ? AvroSchema.Parse(text) : null;
}
