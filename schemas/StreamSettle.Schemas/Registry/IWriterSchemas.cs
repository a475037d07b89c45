using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry;

/// <summary>The schemas that records were written with, by the ids in their frames. An id means the same schema for ever.</summary>
public interface IWriterSchemas
{
    /// <summary>The schema; null where the registry says that there is no such id.</summary>
    /// <exception cref="EnvironmentFailedException">The registry cannot be asked now.</exception>
    /// <exception cref="AvroSchemaException">What the registry has under the id is no schema of Avro.</exception>
    AvroSchema? Find(int id);
}
