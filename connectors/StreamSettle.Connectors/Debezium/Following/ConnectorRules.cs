using System.Text.RegularExpressions;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Outbox;
using StreamSettle.Connectors.Embedded;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>What the connector's configuration must be like, so that its records are all of the three tables, in the form that is read. Pure.</summary>
internal static class ConnectorRules
{
    const string Class = "io.debezium.connector.postgresql.PostgresConnector";
    const string Json = "org.apache.kafka.connect.json.JsonConverter";
    const string ApicuriosAvro = "io.apicurio.registry.utils.converter.AvroConverter";
    const string ConfluentsAvro = "io.confluent.connect.avro.AvroConverter";

    static readonly TimeSpan MatchPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Settings by which columns, tables or kinds of changes would be left out or made another.</summary>
    static readonly string[] Without =
    [
        "table.exclude.list", "schema.exclude.list", "column.include.list", "column.exclude.list", "message.key.columns", "snapshot.include.collection.list", "snapshot.select.statement.overrides", "converters",
    ];

    static readonly string[] WithoutPrefixes = ["column.mask.", "column.truncate."];

    /// <param name="config">As Connect has it; null where it has none.</param>
    /// <returns>A line for each setting that is wrong.</returns>
    public static IEnumerable<string> Judge(IReadOnlyDictionary<string, string> config, DebeziumOptions options, string database, string user)
    {
        var source = options.Source;
        (string Key, string Expected, string? Default)[] same =
        [
            ("connector.class", Class, null), ("plugin.name", "pgoutput", "decoderbufs"), ("topic.prefix", source.TopicPrefix, null), ("slot.name", source.SlotFor(database), "debezium"),
            ("publication.name", source.PublicationName, "dbz_publication"), ("publication.autocreate.mode", "disabled", "all_tables"), ("offset.mismatch.strategy", "trust_offset", "no_validation"),
            ("skipped.operations", "none", "t"), ("tombstones.on.delete", "true", "true"), ("errors.tolerance", "none", "none"),
            ("event.processing.failure.handling.mode", "fail", "fail"), ("event.converting.failure.handling.mode", "fail", "warn"),
            ("unavailable.value.placeholder", source.UnavailableValue, UnavailableText.Default), ("database.dbname", database, null), ("database.user", user, null), .. source.Outbox ? RouterRules.Of(config, source.TopicPrefix) : [], .. Form(options.Connect.Format, config),
        ];
        return same.Select(rule => Same(config, rule.Key, rule.Expected, rule.Default)).OfType<string>()
            .Concat(config.Keys.Where(key => Without.Contains(key) || WithoutPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
                .Select(key => $"{key} leaves something out or makes it another: remove it"))
            .Concat(Tables(config, source)).Concat(Heartbeat(config));
    }

    /// <summary>The heartbeat changes our table.</summary>
    public static bool BeatsOurTable(IReadOnlyDictionary<string, string> config) =>
        config.GetValueOrDefault("heartbeat.action.query")?.Contains(HeartbeatTable.Name.Name, StringComparison.Ordinal) == true;

    /// <summary>What the deserializers need of the converters.</summary>
    static IEnumerable<(string, string, string?)> Form(SourceFormat format, IReadOnlyDictionary<string, string> config) =>
        format == SourceFormat.Avro ? [("schema.name.adjustment.mode", "avro", "none"), .. Avro("key", config), .. Avro("value", config)] : JsonForm(format);

    static IEnumerable<(string, string, string?)> JsonForm(SourceFormat format)
    {
        var schemas = format == SourceFormat.JsonWithSchema ? "true" : "false";
        IEnumerable<(string, string, string?)> form =
        [
            ("key.converter", Json, null), ("value.converter", Json, null), ("value.converter.schemas.enable", schemas, "true"), ("value.converter.replace.null.with.default", "false", "true"),
        ];

        // With a schema every form of a decimal is read exactly; without one only text is.
        return format == SourceFormat.Json ? form.Append(("decimal.handling.mode", "string", "precise")) : form;
    }

    /// <summary>Either registry's converter, if it puts the schema's id before the value as Confluent's does.</summary>
    static IEnumerable<(string, string, string?)> Avro(string part, IReadOnlyDictionary<string, string> config) => config.GetValueOrDefault($"{part}.converter") == ConfluentsAvro
        ? [($"{part}.converter.ignore.default.for.nullables", "true", "false")]
        :
        [
            ($"{part}.converter", ApicuriosAvro, null), ($"{part}.converter.apicurio.registry.as-confluent", "true", "false"),
            ($"{part}.converter.apicurio.registry.use-id", "contentId", "globalId"), ($"{part}.converter.apicurio.registry.headers.enabled", "false", "true"),
        ];

    static string? Same(IReadOnlyDictionary<string, string> config, string key, string expected, string? otherwise)
    {
        var found = config.GetValueOrDefault(key);

        // What one of Connect's own providers replaces is not seen here.
        return string.Equals(found ?? otherwise, expected, StringComparison.Ordinal) || found?.StartsWith("${", StringComparison.Ordinal) == true
            ? null
            : $"{key} is {(found is null ? otherwise is null ? "missing" : $"missing, which means {otherwise}" : $"'{found}'")}, expected '{expected}'";
    }

    /// <summary>Debezium takes each part for a regular expression of the whole name, whatever the case.</summary>
    static IEnumerable<string> Tables(IReadOnlyDictionary<string, string> config, EmbeddedCdcOptions source)
    {
        if (config.GetValueOrDefault("table.include.list") is not { } list)
        {
            yield break;
        }

        var patterns = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var table in CapturedTable.Of(source).Select(table => table.Name))
        {
            if (!patterns.Any(pattern => Matches(pattern, table.ToString())))
            {
                yield return $"table.include.list ('{list}') does not include {table}";
            }
        }
    }

    static bool Matches(string pattern, string name)
    {
        try
        {
            return Regex.IsMatch(name, $"^(?:{pattern})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, MatchPatience);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    static IEnumerable<string> Heartbeat(IReadOnlyDictionary<string, string> config)
    {
        if (!int.TryParse(config.GetValueOrDefault("heartbeat.interval.ms"), out var everyMs) || everyMs <= 0)
        {
            yield return "heartbeat.interval.ms is missing or 0: while the shop rests nothing would say how far it was read; give 1000";
        }

        if (string.IsNullOrWhiteSpace(config.GetValueOrDefault("heartbeat.action.query")))
        {
            yield return "heartbeat.action.query is missing: heartbeats alone move no offset; give one that changes a table of the publication, as connectors/shop-json.json does";
        }
    }
}
