using System.Text.Json;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Connectors.Tests.Debezium;

/// <summary>The schemas that the captured records in Avro were written with.</summary>
internal sealed class GoldenSchemas : IWriterSchemas
{
    readonly Dictionary<string, string> texts = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Golden.PathOf("avro-schemas.json")))!;

    public AvroSchema? Find(SchemaName name) => texts.TryGetValue(name.ToString(), out var text) ? AvroSchema.Parse(text) : null;
}
