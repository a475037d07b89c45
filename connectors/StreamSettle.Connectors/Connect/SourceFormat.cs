namespace StreamSettle.Connectors.Connect;

/// <summary>In which form Debezium writes the records of the source: <c>Source:Format</c>.</summary>
public enum SourceFormat
{
    /// <summary>JSON without schemas; decimals as text.</summary>
    Json,

    /// <summary>JSON with its schema in each record; decimals as Connect's own, whose scale is in the schema.</summary>
    JsonWithSchema,

    /// <summary>Avro, with the ids of its schemas in a registry.</summary>
    Avro,
}
