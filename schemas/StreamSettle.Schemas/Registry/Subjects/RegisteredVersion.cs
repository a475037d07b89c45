using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>A version of a subject, as the registry keeps it.</summary>
/// <param name="Schema">Null where it cannot be read by.</param>
/// <param name="Problem">Why it cannot be read by; null where it can.</param>
public sealed record RegisteredVersion(int Version, AvroSchema? Schema, AvroSchemaException? Problem);
