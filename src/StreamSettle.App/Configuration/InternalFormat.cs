namespace StreamSettle.App.Configuration;

/// <summary>How records between our own tasks are written: <c>Formats:Internal</c>. Read they are in both forms.</summary>
enum InternalFormat : byte
{
    /// <summary>The layouts beside the types, which every release reads.</summary>
    Binary,

    /// <summary>Avro, for those records that have a schema: a Kafka UI shows what they say. A release reads those that it has schemas of.</summary>
    Avro,
}
