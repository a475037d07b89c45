using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry;

/// <summary>What a registry says of a schema's id.</summary>
internal abstract record RegistryAnswer
{
    RegistryAnswer()
    {
    }

    /// <summary>For ever: an id never means another schema.</summary>
    public sealed record Found(AvroSchema Schema) : RegistryAnswer;

    /// <summary>It gave no schema that id, or none yet.</summary>
    public sealed record None : RegistryAnswer;

    /// <summary>There is one, but it cannot be read by.</summary>
    public sealed record Unfit(AvroSchemaException Problem) : RegistryAnswer;
}
