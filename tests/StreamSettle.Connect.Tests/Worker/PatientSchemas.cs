using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;
using StreamSettle.Tests.Links;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>Writers' schemas of a registry on a busy machine: who reads waits for its answer, where the service would take up the record later.</summary>
sealed class PatientSchemas(RegistrySchemas schemas) : IWriterSchemas, IDisposable
{
    public AvroSchema? Find(SchemaName name) => Answered.To(() => schemas.Find(name), _ => true);

    public Task LookAsync() => schemas.LookAsync();

    public void Dispose() => schemas.Dispose();
}
