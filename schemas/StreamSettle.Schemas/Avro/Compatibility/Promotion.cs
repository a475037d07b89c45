namespace StreamSettle.Schemas.Avro.Compatibility;

/// <summary>Which primitive types a reader may take for which others of a writer.</summary>
internal static class Promotion
{
    /// <summary>True for a type and itself as well.</summary>
    public static bool IsAllowed(AvroType writer, AvroType reader) => writer == reader || (writer, reader) switch
    {
        (AvroType.Int, AvroType.Long or AvroType.Float or AvroType.Double) => true,
        (AvroType.Long, AvroType.Float or AvroType.Double) => true,
        (AvroType.Float, AvroType.Double) => true,
        (AvroType.String, AvroType.Bytes) or (AvroType.Bytes, AvroType.String) => true,
        _ => false,
    };
}
