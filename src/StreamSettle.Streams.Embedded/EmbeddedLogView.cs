using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded.Commits;
using StreamSettle.Streams.Embedded.Directories;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded;

/// <summary>What a state directory knows, read without owning it and without changing anything in it.</summary>
public sealed class EmbeddedLogView : IDisposable
{
    readonly Database database;
    readonly DirectoryMeta meta;
    readonly LogParts? parts;

    EmbeddedLogView(Database database, DirectoryMeta meta, Guid identity, string directory)
    {
        this.database = database;
        this.meta = meta;
        Identity = identity;
        var names = database.FamilyNames;
        parts = names.Contains(FamilyNames.Log) && names.Contains(FamilyNames.Positions) ? new LogParts(database, new WriteHealth(directory, () => false, TimeProvider.System, NullLogger.Instance)) : null;
    }

    public Guid Identity { get; }

    /// <returns>Null where there is no state yet.</returns>
    /// <exception cref="UserMistakeException">As <see cref="EmbeddedLog.Open"/>, in the same words; also while a service has it open.</exception>
    /// <exception cref="CorruptStateException">The database is damaged.</exception>
    /// <exception cref="EnvironmentFailedException">The disk failed.</exception>
    public static EmbeddedLogView? Open(EmbeddedLogOptions options)
    {
        if (!EmbeddedLog.HasState(options.Directory))
        {
            return null;
        }

        var database = Database.OpenReadOnly(StateDirectory.DatabaseOf(options.Directory), options.Database, FamilyNames.UseOf);
        try
        {
            var meta = database.FamilyNames.Contains(FamilyNames.Meta) ? new DirectoryMeta(database, database.Family(FamilyNames.Meta, FamilyUse.Small)) : null;
            if (meta?.Identity(options.Partitions) is { } identity)
            {
                return new(database, meta, identity, options.Directory);
            }
        }
        catch
        {
            database.Dispose();
            throw;
        }

        database.Dispose();
        return null;
    }

    /// <summary>As <see cref="EmbeddedLog.ReadMetadata"/>.</summary>
    public byte[]? ReadMetadata(string name) => meta.Read(DirectoryMeta.UserKey(name));

    /// <summary>As <see cref="IStreamLog.CommittedPosition"/>; 0 for a topic that is still to be made.</summary>
    public long CommittedPosition(string group, TopicPartition partition) => parts?.Topics.TryFind(partition) is { } found ? parts.Groups.Get(group).Position(found) : 0;

    public void Dispose() => database.Dispose();
}
