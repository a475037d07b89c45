using Avro;
using Avro.Generic;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using Confluent.SchemaRegistry.Serdes;
using StreamSettle.Connect.Tests.Worker;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Topology.Formats;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;
using Xunit;

namespace StreamSettle.Connect.Tests;

/// <summary>Records of ours in Avro, with the real registry between us and Confluent's serializers.</summary>
[Collection(ConnectTests.Name)]
public sealed class MessageTests(ConnectWorker worker) : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("streamsettle-messages-");
    readonly ByteBuffer buffer = new();

    static SerializationContext Value => new(MessageComponentType.Value, "any");

    [Fact]
    public async Task Confluent_s_deserializer_reads_what_we_write_and_we_what_its_serializer_writes_by_a_later_schema()
    {
        var (url, ids) = await ExchangeAsync();

        // The registry is gone: everything that was met is read after a restart, and written under the same ids.
        var again = new MessageSchemas(KeptSchemas.Open(directory.FullName, url), null, TimeProvider.System);
        await RegisterAsync(again, url);
        Assert.Equal(ids, MessageSchema.All.Select(again.IdOf));
        Assert.Equal(Result, new InternalFormats(again, writesAvro: true).Results().Read(buffer.Written));
    }

    async Task<(string Url, IReadOnlyList<int> Ids)> ExchangeAsync()
    {
        await using var registry = await RegistryServer.StartAsync(worker.Broker);
        using var schemas = registry.OpenSchemas();
        var messages = new MessageSchemas(KeptSchemas.Open(directory.FullName, registry.Url), schemas, TimeProvider.System);
        await RegisterAsync(messages, registry.Url);
        using var client = new CachedSchemaRegistryClient(new SchemaRegistryConfig { Url = registry.Url });
        var formats = new InternalFormats(messages, writesAvro: true);
        await CommandsAsync(formats, client);
        await DueOrdersAsync(formats, client);
        await ResultsAsync(formats, client);
        return (registry.Url, [.. MessageSchema.All.Select(messages.IdOf)]);
    }

    public void Dispose() => directory.Delete(recursive: true);

    static DeliveryResult Result { get; } = new(DeliveryOutcome.Failed, new(new(42), Leg.Commission, 0), new(437), 3, new(1_700_000_000_000_000), "HTTP 503 \u00fcberlastet");

    static async Task RegisterAsync(MessageSchemas messages, string url)
    {
        using var subjects = new RegistrySubjects(new() { Client = new Dictionary<string, string> { ["schema.registry.url"] = url, ["schema.registry.retries.wait.ms"] = "1" } });
        await new MessageRegistration(messages, subjects, message => [message.ToString()], TimeProvider.System).RunAsync(_ => { }, TestContext.Current.CancellationToken);
    }

    async Task CommandsAsync(InternalFormats formats, ISchemaRegistryClient client)
    {
        buffer.Clear();
        formats.Commands().Write(
            new()
            {
                Kind = DeliveryCommandKind.Discard, Key = new(new(42), Leg.TaxRefund, 7), Merchant = new(437), Lane = Lane.Priority, DueAt = new(1_700_000_000_123_456), By = "ann", RequestId = "r1", Note = "lost",
                KeyAccount = true, InvoiceAt = 9, Body = "{}"u8,
            },
            new(buffer));

        var read = await ReadAsync(client);

        Assert.Equal("Discard priority? Priority", $"{((GenericEnum)read["kind"]).Value} priority? {((GenericEnum)read["lane"]).Value}");
        var key = (GenericRecord)read["key"];
        Assert.Equal((42L, "TaxRefund", 7), ((long)key["order"], ((GenericEnum)key["leg"]).Value, (int)key["n"]));
        Assert.Equal((437L, new DateTime(2023, 11, 14, 22, 13, 20, 123, 456, DateTimeKind.Utc)), ((long)read["merchant"], (DateTime)read["dueAt"]));
        Assert.Equal(("ann", "r1", "lost", true, 9), ((string)read["by"], (string)read["requestId"], (string)read["note"], (bool)read["keyAccount"], (int)read["invoiceAt"]));
        Assert.Equal("{}"u8.ToArray(), (byte[])read["body"]);
    }

    async Task DueOrdersAsync(InternalFormats formats, ISchemaRegistryClient client)
    {
        var row = new ByteBuffer();
        new OrderRow
        {
            Id = new(42), Merchant = new(437), Promoter = new(9001), BuyerCountry = "DE"u8, Currency = "EUR"u8, Gross = new(-1_190_000, 4), Shipping = DecimalAmount.NotANumber, Refunded = new(0, 2),
            Status = OrderStatus.Completed, CompletedAt = new(1_700_000_000_000_000), Invoice = "{\"no\":1}"u8,
        }.Write(new(row));
        buffer.Clear();
        formats.DueOrders().Write(
            new()
            {
                Kind = OrderMessageKind.Operator, Order = new(42), Merchant = new(437), Cause = "77", Transaction = new(new(5_000_000), 9), DueAt = new(6_000_000), Offset = 1L << 40, ClockTask = 3, InTime = true,
                Doubts = [5, -6], Request = new OperatorRequest.SendAgain(new(new(42), Leg.Split, 0), "eve", "r5"), RowBytes = row.Written,
            },
            new(buffer));

        var read = await ReadAsync(client);

        Assert.Equal(("Operator", 42L, "77", 1L << 40, 3), (((GenericEnum)read["kind"]).Value, (long)read["order"], (string)read["cause"], (long)read["offset"], (int)read["clockTask"]));
        Assert.Equal([5L, -6L], ((object[])read["doubts"]).Cast<long>());
        var request = (GenericRecord)read["request"];
        Assert.Equal(("SendAgain", "eve", null), (((GenericEnum)request["kind"]).Value, (string)request["by"], request["note"]));
        var order = (GenericRecord)read["row"];
        var gross = (GenericRecord)order["gross"];
        Assert.Equal(("-1190000", 4), (((AvroDecimal)gross["unscaled"]).ToString(), (int)gross["scale"]));
        Assert.Null(order["shipping"]);
        Assert.Equal((9001L, null, "DE", "Completed", "{\"no\":1}"), ((long)order["promoter"], order["carrierId"], (string)order["buyerCountry"], ((GenericEnum)order["status"]).Value, (string)order["invoice"]));
    }

    /// <summary>Leaves in the buffer a result that a later release wrote.</summary>
    async Task ResultsAsync(InternalFormats formats, ISchemaRegistryClient client)
    {
        buffer.Clear();
        formats.Results().Write(Result, new(buffer));
        var read = await ReadAsync(client);
        Assert.Equal((Result.Text, null), ((string)read["text"], read["by"]));

        const string attempt = """{"name":"attempt",""";
        var later = (RecordSchema)Avro.Schema.Parse(MessageSchema.DeliveryResult.Text.Replace(attempt, $$"""{"name":"region","type":["null","string"],"default":null},{{attempt}}""", StringComparison.Ordinal));
        var next = new GenericRecord(later);
        foreach (var field in read.Schema.Fields)
        {
            next.Add(field.Name, read[field.Name]);
        }

        next.Add("region", "eu-west");
        var written = await new AvroSerializer<GenericRecord>(client, new AvroSerializerConfig { SubjectNameStrategy = SubjectNameStrategy.Record }).SerializeAsync(next, Value);
        Assert.NotEqual(WireFormat.Read(buffer.Written, out _), WireFormat.Read(written, out _));
        buffer.Clear();
        buffer.Write(written);
        Assert.Equal(Result, formats.Results().Read(buffer.Written));
    }

    Task<GenericRecord> ReadAsync(ISchemaRegistryClient client) =>
        new AvroDeserializer<GenericRecord>(client).DeserializeAsync(buffer.Written.ToArray(), isNull: false, Value);
}
