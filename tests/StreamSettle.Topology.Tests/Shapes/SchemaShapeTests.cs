using System.Text.Json;
using StreamSettle.Audit.EventLog;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Schemas.Promoters;
using StreamSettle.Topology.Auditing;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Shapes;

/// <summary>The schemas of <c>schemas/*.avsc</c> describe the records that the program has.</summary>
public class SchemaShapeTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "schemas");

    public static TheoryData<string, Type> Records => new()
    {
        { "order-change.avsc", typeof(OrderChange) },
        { "merchant-change.avsc", typeof(MerchantChange) },
        { "promoter-change.avsc", typeof(PromoterChange) },
        { "due-order.avsc", typeof(OrderMessage) },
        { "delivery-command.avsc", typeof(DeliveryCommand) },
        { "delivery-result.avsc", typeof(DeliveryResult) },
        { "dead-letter.avsc", typeof(DeadLetter) },
        { "hold.avsc", typeof(Hold) },
        { "settlement-fact.avsc", typeof(EventRecord) },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_has_a_field_for_each_property_of_its_type_and_nullability(string file, Type type) => Assert.Empty(RecordShape.Differences(type, Schema(file)));

    [Fact]
    public void A_settlement_event_has_a_member_for_each_kind_with_a_field_for_each_property()
    {
        var schema = Schema("settlement-event.avsc");
        string[] head = [nameof(SettlementEvent.Cause), nameof(SettlementEvent.RecordedAt)];
        var members = EventKinds.All.ToDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));

        Assert.Equal([.. EventKinds.All.Select(kind => kind.ToString()), "Unknown"], ((EnumSchema)schema.Field("kind")!.Schema).Symbols);
        Assert.Equal(["order", "kind", "cause", "recordedAt", .. members.Keys], schema.Fields.Select(field => field.Name));
        Assert.Equal(AvroType.Long, schema.Field(JsonNamingPolicy.CamelCase.ConvertName(nameof(OrderEvent.Order)))!.Schema.Type);
        Assert.Equal(
            new[] { "order", "kind" }.Concat(members.Keys).Select(name => $"{schema.Name}.{name} is no property of {nameof(SettlementEvent)}").Order(),
            RecordShape.Differences(head.Select(name => typeof(SettlementEvent).GetProperty(name)!), schema, nameof(SettlementEvent)).Order());
        Assert.Empty(members.SelectMany(member => RecordShape.Optional(schema.Field(member.Key)!.Schema) is RecordSchema record && record.Name.Short == member.Value.ToString()
            ? RecordShape.Differences(member.Value.ClrType(), record, head)
            : [$"{member.Key} is no {member.Value} or null"]));
    }

    [Fact]
    public void An_operators_command_has_every_kind_and_what_each_of_them_says()
    {
        var schema = Schema("operator-command.avsc");
        string[] optional = [nameof(OperatorRequest.OfKey.Key), nameof(OperatorRequest.OfRecord.Record)];
        Assert.Equal(
            optional.Select(name => $"{nameof(OperatorRequest)}.{name} is always there, the field may be null"), RecordShape.AllRequests(schema).Order(StringComparer.Ordinal));
        Assert.Empty(RecordShape.Differences(typeof(CallKey), (RecordSchema)RecordShape.Optional(schema.Field("key")!.Schema)!));
        Assert.Empty(RecordShape.Differences(typeof(IntakeRecord), (RecordSchema)RecordShape.Optional(schema.Field("record")!.Schema)!));
    }

    [Fact]
    public void Every_schema_is_compared_with_a_type() => Assert.Equal(
        Records.Select(row => row.Data.Item1).Concat(["settlement-event.avsc", "operator-command.avsc"]).Order(StringComparer.Ordinal), SchemaFolder.Read(Folder).Current.Select(file => file.Name));

    [Fact]
    public void What_does_not_fit_is_found()
    {
        var schema = (RecordSchema)AvroSchema.Parse(
            """
            {"type":"record","name":"DeliveryResult","fields":[
              {"name":"outcome","type":{"type":"enum","name":"DeliveryOutcome","symbols":["Confirmed","Failed"]}},
              {"name":"merchant","type":"int"},{"name":"attempt","type":["null","int"],"default":null},{"name":"recordedAt","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"text","type":"string"},{"name":"by","type":"string"},{"name":"requestId","type":["null","string"]},{"name":"note","type":["null","string"],"default":null},
              {"name":"more","type":"string"}]}
            """);

        var found = RecordShape.Differences(typeof(DeliveryResult), schema).ToList();

        Assert.Equal(8, found.Count);
        Assert.All(["Outcome", "Key", "Merchant", "Attempt", "RecordedAt", "By", "RequestId", "more"], name => Assert.Single(found, one => one.Contains("." + name, StringComparison.Ordinal)));
    }

    static RecordSchema Schema(string file) => SchemaFile.Read(Path.Combine(Folder, file)).Schema;
}
