using StreamSettle.Schemas.Messages;
using StreamSettle.Topology.Formats;

namespace StreamSettle.Topology.Tests.Bench;

/// <summary>A state directory that is its own registry.</summary>
sealed class LocalMessages : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("streamsettle-messages-");

    /// <summary>As a process on the directory has them from its start on.</summary>
    public MessageSchemas Open(bool writesAvro = true)
    {
        var schemas = new MessageSchemas(KeptSchemas.Open(directory.FullName, KeptSchemas.Here), null, TimeProvider.System);
        if (writesAvro)
        {
            schemas.UseHere();
        }

        return schemas;
    }

    public InternalFormats Formats(bool writesAvro) => new(Open(writesAvro), writesAvro);

    /// <summary>A schema of another release, by an id: for processes that are started from now on.</summary>
    public void Keep(int id, string text) => KeptSchemas.Open(directory.FullName, KeptSchemas.Here).Keep(id, text);

    public void Dispose() => directory.Delete(recursive: true);
}
