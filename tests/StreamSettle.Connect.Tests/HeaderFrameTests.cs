using Avro.Generic;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Schemas.Tests.Registry;
using StreamSettle.Streams.Serdes;
using Xunit;
using Headers = StreamSettle.Streams.Records.Headers;

namespace StreamSettle.Connect.Tests;

/// <summary>Records whose schema stands in a header by its GUID, as Confluent's own serializer writes them, are read like those with the schema's id before the value.</summary>
public sealed class HeaderFrameTests : IAsyncDisposable
{
    const string Topic = "shop.public.orders";
    const string KeyGuid = "00000000-0000-0000-0000-00000000000a";
    const string ValueGuid = "89791762-2336-186f-9674-299b90a8e2a9";

    const string KeySchema = """{"type":"record","name":"Key","fields":[{"name":"order_id","type":"long"}]}""";

    const string ValueSchema = """
        {"type":"record","name":"Value","fields":[{"name":"order_id","type":"long"},{"name":"merchant_id","type":"long"},{"name":"buyer_country","type":"string"},{"name":"currency","type":"string"},
          {"name":"status","type":"string"},{"name":"gross_amount","type":"string"},{"name":"completed_at","type":["null","string"]},{"name":"__lsn","type":"long"}]}
        """;

    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly PatientSchemas schemas;
    readonly CachedSchemaRegistryClient client;

    public HeaderFrameTests()
    {
        Registered("key", 3, KeyGuid, KeySchema);
        Registered("value", 4, ValueGuid, ValueSchema);
        var settings = new Dictionary<string, string> { ["schema.registry.url"] = registry.Url.ToString() };
        (schemas, client) = (new(new(new() { Client = settings }, TimeProvider.System)), new(settings));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        schemas.Dispose();
        await registry.DisposeAsync();
    }

    [Theory]
    [InlineData(SchemaIdSerializerStrategy.Header)]
    [InlineData(SchemaIdSerializerStrategy.Prefix)]
    public async Task A_change_and_its_key_are_read_wherever_their_schemas_are_named(SchemaIdSerializerStrategy strategy)
    {
        var (key, value, headers) = await WrittenAsync(strategy);

        Assert.Equal(7, new OrderKeySerde(schemas: schemas).Read(key, new(headers)).Value);
        var serde = new OrderChangeSerde(schemas: schemas);
        var change = serde.Read(value, new(headers));
        Assert.Equal((7L, "12.34", "DE"), (change.Id.Value, change.Row.Gross.ToString(), System.Text.Encoding.UTF8.GetString(change.Row.BuyerCountry)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        serde.Read(value, new(headers));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        var asked = strategy == SchemaIdSerializerStrategy.Header ? (string[])[$"schemas/guids/{KeyGuid}", $"schemas/guids/{ValueGuid}"] : ["schemas/ids/3", "schemas/ids/4"];
        Assert.Equal(asked, registry.Asked.Where(path => path.StartsWith("schemas/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_GUID_may_stand_before_the_value_too()
    {
        var (_, value, headers) = await WrittenAsync(SchemaIdSerializerStrategy.Header);
        Assert.True(new Headers(headers).TryGet("__value_schema_id"u8, out var frame));

        byte[] record = [.. frame, .. value];
        Assert.Equal(7, new OrderChangeSerde(schemas: schemas).Read(record).Id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0000000004ff")]
    [InlineData("0289791762233618 6f9674299b90a8e2a9")]
    public async Task A_header_that_is_no_frame_is_told(string? hex)
    {
        var (_, value, _) = await WrittenAsync(SchemaIdSerializerStrategy.Header);
        var headers = Headers.Encode(("__value_schema_id", hex is null ? null : Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

        var problem = Assert.Throws<SerdeException>(() => new OrderChangeSerde(schemas: schemas).Read(value, new(headers)).Id);
        Assert.Contains("its header __value_schema_id has", problem.Message, StringComparison.Ordinal);
    }

    void Registered(string part, int id, string guid, string schema)
    {
        var text = System.Text.Json.JsonSerializer.Serialize(schema);
        registry.Answer($"POST subjects/{Topic}-{part}/versions", 200, $$"""{"id":{{id}},"version":1,"guid":"{{guid}}","schema":{{text}} }""");
        registry.Answer($"schemas/guids/{guid}", 200, $$"""{"schema":{{text}} }""");
        registry.Put(id, schema);
    }

    async Task<(byte[] Key, byte[] Value, byte[] Headers)> WrittenAsync(SchemaIdSerializerStrategy strategy)
    {
        var key = new GenericRecord((Avro.RecordSchema)Avro.Schema.Parse(KeySchema));
        key.Add("order_id", 7L);
        var value = new GenericRecord((Avro.RecordSchema)Avro.Schema.Parse(ValueSchema));
        foreach (var (name, part) in new (string, object?)[]
        {
            ("order_id", 7L), ("merchant_id", 8L), ("buyer_country", "DE"), ("currency", "EUR"), ("status", "PAID"), ("gross_amount", "12.34"), ("completed_at", null), ("__lsn", 9L),
        })
        {
            value.Add(name, part);
        }

        var (config, headers) = (new AvroSerializerConfig { SchemaIdStrategy = strategy, SubjectNameStrategy = SubjectNameStrategy.Topic }, new Confluent.Kafka.Headers());
        var serializer = new AvroSerializer<GenericRecord>(client, config);
        var (keyBytes, valueBytes) = (
            await serializer.SerializeAsync(key, new(MessageComponentType.Key, Topic, headers)), await serializer.SerializeAsync(value, new(MessageComponentType.Value, Topic, headers)));
        return (keyBytes, valueBytes, Headers.Encode([.. headers.Select(header => (header.Key, (byte[]?)header.GetValueBytes()))]));
    }
}
