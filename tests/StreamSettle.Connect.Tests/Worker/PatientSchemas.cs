using System.Diagnostics;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>Writers' schemas of a registry on a busy machine: who reads waits for its answer, where the service would take up the record later.</summary>
sealed class PatientSchemas(RegistrySchemas schemas) : IWriterSchemas, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public AvroSchema? Find(SchemaName name)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return schemas.Find(name);
            }
            catch (EnvironmentFailedException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                // Each look waits for a second by itself.
            }
        }
    }

    public Task LookAsync() => schemas.LookAsync();

    public void Dispose() => schemas.Dispose();
}
