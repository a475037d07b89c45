using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using Xunit;

namespace StreamSettle.Connectors.Tests.Connect;

/// <summary>A connector that runs, but would leave something out or write it in another form, is told.</summary>
public class ConnectorRulesTests
{
    [Theory]
    [InlineData(SourceFormat.Json)]
    [InlineData(SourceFormat.JsonWithSchema)]
    [InlineData(SourceFormat.Avro)]
    public void The_files_that_come_along_are_as_they_must_be(SourceFormat format) => Assert.Empty(Judge(format, (_, _) => { }));

    [Theory]
    [InlineData("connector.class", "io.debezium.connector.mysql.MySqlConnector", "expected 'io.debezium.connector.postgresql")]
    [InlineData("plugin.name", null, "missing, which means decoderbufs, expected 'pgoutput'")]
    [InlineData("topic.prefix", "store", "'store', expected 'shop'")]
    [InlineData("slot.name", "other", "expected 'streamsettle_shop'")]
    [InlineData("publication.name", "other", "expected 'streamsettle'")]
    [InlineData("publication.autocreate.mode", null, "all_tables")]
    [InlineData("offset.mismatch.strategy", null, "expected 'trust_offset'")]
    [InlineData("skipped.operations", "t,u", "expected 'none'")]
    [InlineData("tombstones.on.delete", "false", "expected 'true'")]
    [InlineData("unavailable.value.placeholder", "n/a", "'n/a', expected '__debezium_unavailable_value'")]
    [InlineData("errors.tolerance", "all", "expected 'none'")]
    [InlineData("event.converting.failure.handling.mode", null, "missing, which means warn")]
    [InlineData("database.dbname", "other", "expected 'shop'")]
    [InlineData("database.user", "other", "expected 'settle'")]
    [InlineData("decimal.handling.mode", "double", "expected 'string'")]
    [InlineData("value.converter.schemas.enable", "true", "expected 'false'")]
    [InlineData("value.converter", "io.apicurio.registry.utils.converter.AvroConverter", "JsonConverter")]
    [InlineData("value.converter.replace.null.with.default", null, "expected 'false'")]
    [InlineData("table.include.list", "public.orders,public.promoters", "does not include public.merchants")]
    [InlineData("table.include.list", "public.(", "does not include public.merchants")]
    [InlineData("table.exclude.list", "public.orders", "table.exclude.list leaves something out")]
    [InlineData("column.exclude.list", "public.orders.note", "column.exclude.list leaves something out")]
    [InlineData("column.mask.with.3.chars", "public.orders.currency", "column.mask.with.3.chars leaves something out")]
    [InlineData("heartbeat.interval.ms", null, "heartbeat.interval.ms is missing or 0")]
    [InlineData("heartbeat.action.query", " ", "heartbeat.action.query is missing")]
    public void A_setting_that_would_lose_something_is_named(string key, string? value, string expected)
    {
        var problem = Assert.Single(Judge(SourceFormat.Json, (config, _) => Set(config, key, value)).Distinct().Take(1));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(key, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key.converter", "org.apache.kafka.connect.json.JsonConverter", "expected 'io.apicurio.registry.utils.converter.AvroConverter'")]
    [InlineData("value.converter.apicurio.registry.as-confluent", null, "missing, which means false, expected 'true'")]
    [InlineData("value.converter.apicurio.registry.use-id", "globalId", "expected 'contentId'")]
    [InlineData("key.converter.apicurio.registry.headers.enabled", "true", "expected 'false'")]
    [InlineData("schema.name.adjustment.mode", null, "missing, which means none, expected 'avro'")]
    public void A_converter_to_Avro_that_would_be_read_wrongly_is_named(string key, string? value, string expected)
    {
        var problem = Assert.Single(Judge(SourceFormat.Avro, (config, _) => Set(config, key, value)).Distinct().Take(1));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(key, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Confluents_converter_is_as_good_if_it_leaves_what_is_null_alone()
    {
        const string converter = "io.confluent.connect.avro.AvroConverter";

        Assert.Empty(Judge(SourceFormat.Avro, (config, _) => Convert(config, "true")));
        Assert.Contains("value.converter.ignore.default.for.nullables is missing, which means false", string.Join('\n', Judge(SourceFormat.Avro, (config, _) => Convert(config, null))), StringComparison.Ordinal);

        static void Convert(Dictionary<string, string> config, string? ignored)
        {
            foreach (var part in (string[])["key", "value"])
            {
                Set(config, $"{part}.converter", converter);
                Set(config, $"{part}.converter.ignore.default.for.nullables", ignored);
            }
        }
    }

    [Theory]
    [InlineData("table.include.list", null)]
    [InlineData("table.include.list", "PUBLIC\\..*")]
    [InlineData("database.user", "${file:/secrets:user}")]
    [InlineData("tombstones.on.delete", null)]
    [InlineData("unavailable.value.placeholder", null)]
    [InlineData("topic.creation.default.partitions", "64")]
    public void What_leaves_nothing_out_is_the_administrators(string key, string? value) => Assert.Empty(Judge(SourceFormat.Json, (config, _) => Set(config, key, value)));

    [Fact]
    public void The_file_for_an_outbox_is_as_it_must_be_and_no_other_reads_one()
    {
        Assert.Empty(Judge(SourceFormat.Json, (_, _) => { }, outbox: true));
        Assert.Contains(Judge(SourceFormat.Json, (config, _) => config["table.include.list"] = "public\\.orders,public\\.merchants,public\\.promoters", outbox: true), problem => problem.Contains("does not include public.streamsettle_outbox", StringComparison.Ordinal));
        Assert.Contains(Judge(SourceFormat.Json, (config, _) => config.Remove("transforms"), outbox: true), problem => problem.Contains("transforms is missing, expected 'outbox'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("transforms.outbox.type", "io.debezium.transforms.ExtractNewRecordState", "expected 'io.debezium.transforms.outbox.EventRouter'")]
    [InlineData("transforms.outbox.route.topic.replacement", null, "expected 'shop.public.${routedByValue}'")]
    [InlineData("transforms.outbox.table.op.invalid.behavior", null, "missing, which means warn, expected 'fatal'")]
    [InlineData("transforms.outbox.table.expand.json.payload", "true", "expected 'false'")]
    [InlineData("transforms.outbox.table.field.event.key", "id", "expected 'aggregateid'")]
    [InlineData("transforms.outbox.table.fields.additional.placement", "type:envelope", "expected ''")]
    public void A_router_that_would_write_something_else_is_named(string key, string? value, string expected)
    {
        var problem = Assert.Single(Judge(SourceFormat.Json, (config, _) => Set(config, key, value), outbox: true));

        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    static void Set(Dictionary<string, string> config, string key, string? value)
    {
        config.Remove(key);
        if (value is not null)
        {
            config[key] = value;
        }
    }

    static List<string> Judge(SourceFormat format, Action<Dictionary<string, string>, SourceFormat> change, bool outbox = false)
    {
        var source = new EmbeddedCdcOptions { ConnectionString = "Host=db;Database=shop;Username=settle;Password=p", Outbox = outbox };
        var options = new DebeziumOptions(source, new()
        {
            Url = new("http://connect:8083"), Directory = Path.Combine(AppContext.BaseDirectory, "connectors"), Format = format,
            Connector = outbox ? ConnectOptions.OutboxName : ConnectOptions.NameFor(format),
        });
        var config = new Dictionary<string, string>(new ConnectorFile(options.Connect.Directory, new ConnectorValues(source, key => key == "Connect:RegistryUrl" ? "http://registry:8081" : null).Of).Read(options.Connect.Connector).Config);
        change(config, format);
        return [.. ConnectorRules.Judge(config, options, "shop", "settle")];
    }
}
