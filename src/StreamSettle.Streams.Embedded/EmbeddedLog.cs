using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded.Commits;
using StreamSettle.Streams.Embedded.Directories;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;
using StreamSettle.Streams.RocksDb.Stores;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Embedded;

/// <summary>
/// Log, positions, named values and stores in one RocksDB: a commit is one synced write batch, so whatever kills the process, the next start goes on
/// exactly after the last commit. One process owns the directory.
/// </summary>
public sealed class EmbeddedLog : IStreamLog
{
    readonly LogParts parts;
    readonly DirectoryMeta meta;
    readonly EmbeddedLogOptions options;
    readonly ILogger logger;
    bool disposed;

    EmbeddedLog(LogParts parts, DirectoryMeta meta, EmbeddedLogOptions options, Guid identity, bool isNew, ILogger logger)
    {
        this.parts = parts;
        this.meta = meta;
        this.options = options;
        this.logger = logger;
        Identity = identity;
        IsNew = isNew;
    }

    /// <summary>Made at the directory's first open and kept.</summary>
    public Guid Identity { get; }

    /// <summary>This open is the directory's first.</summary>
    public bool IsNew { get; }

    public string? WriteFailure => parts.Health.Failure;

    /// <summary>Opens the state directory, or makes it.</summary>
    /// <param name="newIdentity">Asked once in a directory's life.</param>
    /// <exception cref="UserMistakeException">The directory is in use, not ours, of another format version, or made with another <see cref="EmbeddedLogOptions.Partitions"/>.</exception>
    /// <exception cref="CorruptStateException">The database is damaged.</exception>
    /// <exception cref="EnvironmentFailedException">The disk failed or is full.</exception>
    public static EmbeddedLog Open(EmbeddedLogOptions options, Func<Guid> newIdentity, ILogger logger)
    {
        var started = Stopwatch.GetTimestamp();
        if (options.Problems("StateDirectory").FirstOrDefault() is { } problem)
        {
            throw new UserMistakeException(problem);
        }

        var directory = StateDirectory.Open(options.Directory);
        if (directory.Tighten() is { } found)
        {
            Warn(logger, options.Directory, found);
        }

        var database = OpenDatabase(directory, options);
        try
        {
            directory.WriteOwner();
            var meta = new DirectoryMeta(database, database.Family(FamilyNames.Meta, FamilyUse.Small));
            var (identity, isNew) = meta.IdentityOrNew(newIdentity, options.Partitions);
            var parts = new LogParts(database, new WriteHealth(options.Directory, directory.MayWrite, TimeProvider.System, logger));
            logger.Opened(
                identity, options.Directory, isNew, parts.Topics.Partitions.Count(), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return new EmbeddedLog(parts, meta, options, identity, isNew, logger);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a state to open; looks whether the directory can be used, or made, and changes nothing.</summary>
    /// <exception cref="UserMistakeException">It cannot be used: as <see cref="Open"/>, in the same words.</exception>
    public static bool HasState(string directory)
    {
        try
        {
            return StateDirectory.Look(directory);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"the state directory {directory} cannot be used: {failed.Message}", failed);
        }
    }

    public int Partitions(string topic) => parts.Topics.CountOf(topic);

    /// <summary>Takes away what the first <see cref="Open"/> made, where nothing that was kept since is needed. Closed before.</summary>
    /// <param name="withItself">The directory was not there before.</param>
    public static void Remove(string directory, bool withItself) => StateDirectory.Remove(directory, withItself);

    public byte[]? ReadMetadata(string name)
    {
        parts.Enter();
        try
        {
            return meta.Read(DirectoryMeta.UserKey(name));
        }
        finally
        {
            parts.Database.Exit();
        }
    }

    /// <summary>Whether the topic was made.</summary>
    public bool HasTopic(string topic) => parts.Topics.TryFind(new(topic, 0)) is not null;

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics) => parts.Topics.Ensure(topics);

    public ILogClient OpenClient(string group, string member) => new EmbeddedClient(parts, parts.Groups.Get(group), member, options);

    public long EndOffset(TopicPartition partition) => parts.Topics.Find(partition).End;

    public Func<long> KnownEndOf(TopicPartition partition)
    {
        var log = parts.Topics.Find(partition);
        return () => log.End;
    }

    public Func<long> MovesOf(IReadOnlyCollection<TopicPartition> partitions)
    {
        var moves = new EndMoves();
        foreach (var partition in partitions)
        {
            parts.Topics.Find(partition).Watch(moves);
        }

        return () => moves.Count;
    }

    public long CommittedPosition(string group, TopicPartition partition) => parts.Groups.Get(group).Position(parts.Topics.Find(partition));

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) =>
        new RocksCommittedView(parts.Database, parts.Families.OfStore(store), store.Global ? 0 : partition);

    /// <summary>Closes the database after the readers that are at it. Clients and stores are closed before.</summary>
    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            Flush();
            parts.Database.Dispose();
            logger.Closed(options.Directory);
        }

        return ValueTask.CompletedTask;
    }

    static Database OpenDatabase(StateDirectory directory, EmbeddedLogOptions options)
    {
        try
        {
            return Database.Open(directory.DatabasePath, options.Database, FamilyNames.UseOf);
        }
        catch (DatabaseLockedException locked)
        {
            throw directory.InUse(locked);
        }
    }

    static void Warn(ILogger logger, string directory, OthersRights found)
    {
        var mode = Convert.ToString((int)found.Before, 8);
        if (found.Closed)
        {
            logger.Tightened(directory, mode);
        }
        else
        {
            logger.OpenToOthers(directory, mode);
        }
    }

    /// <summary>Spares the next start the replay of the write-ahead log; nothing is lost without it.</summary>
    void Flush()
    {
        try
        {
            parts.Database.Flush();
        }
        catch (EnvironmentFailedException failed)
        {
            logger.ClosedUnflushed(options.Directory, failed.Message);
        }
    }
}
