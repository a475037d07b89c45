using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry;

/// <summary>The schemas that records were written with, by what their frames name them. A name means the same schema for ever.</summary>
public interface IWriterSchemas
{
    /// <summary>The schema; null where the registry says that there is no such one.</summary>
    /// <exception cref="EnvironmentFailedException">The registry cannot be asked now.</exception>
    /// <exception cref="AvroSchemaException">What the registry has under the name is no schema of Avro.</exception>
    AvroSchema? Find(SchemaName name);
}
