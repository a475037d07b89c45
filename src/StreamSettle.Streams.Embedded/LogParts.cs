using StreamSettle.Streams.Embedded.Commits;
using StreamSettle.Streams.Embedded.Groups;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded;

/// <summary>What an open log is made of; shared by its clients.</summary>
internal sealed class LogParts
{
    public LogParts(Database database, WriteHealth health)
    {
        Database = database;
        Families = new LogFamilies(database);
        Topics = new TopicCatalogue(database, Families.Meta, Families.Log);
        Groups = new ConsumerGroups(database, Families.Positions, Topics);
        Health = health;
        Committer = new Committer(database, Families, Groups, health);
    }

    public Database Database { get; }

    public LogFamilies Families { get; }

    public TopicCatalogue Topics { get; }

    public ConsumerGroups Groups { get; }

    public Committer Committer { get; }

    public WriteHealth Health { get; }

    /// <summary>Keeps the database open until <see cref="Database.Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The log is closing.</exception>
    public void Enter() => ObjectDisposedException.ThrowIf(!Database.TryEnter(), typeof(EmbeddedLog));
}
