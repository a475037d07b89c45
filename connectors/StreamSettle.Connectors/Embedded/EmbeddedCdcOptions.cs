using System.Security.Cryptography;
using System.Text;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Postgres;

namespace StreamSettle.Connectors.Embedded;

/// <summary>Change data capture inside the service. Configuration section <c>Source</c>.</summary>
public sealed record EmbeddedCdcOptions
{
    /// <summary>PostgreSQL truncates longer names, and two slots would become one.</summary>
    const int MaxName = 63;

    /// <summary>Enough that no two databases of a cluster share them.</summary>
    const int HashBytes = 12;

    /// <summary>Shorter, and an ordinary pause of a busy server or of this process would stop firing.</summary>
    static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(1);

    /// <summary>Longer, and orders that were taken back an hour ago would be paid.</summary>
    static readonly TimeSpan SilenceMax = TimeSpan.FromHours(1);

    /// <summary>The shop's PostgreSQL; the role needs REPLICATION and SELECT on the three tables.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>First part of the topics' names, Debezium's <c>topic.prefix</c>. Default <c>shop</c>: <c>shop.public.orders</c>.</summary>
    public string TopicPrefix { get; init; } = "shop";

    /// <summary>Partitions of each of the three topics. Default 16.</summary>
    public int Partitions { get; init; } = 16;

    /// <summary>The replication slot; null (default) for <c>streamsettle_DATABASE</c>.</summary>
    public string? SlotName { get; init; }

    /// <summary>The publication, made when it is missing. Default <c>streamsettle</c>.</summary>
    public string PublicationName { get; init; } = "streamsettle";

    /// <summary>The tables' names; default <c>public.orders</c>, <c>public.merchants</c>, <c>public.promoters</c>.</summary>
    public CdcTables Tables { get; init; } = new();

    /// <summary>The shop tells its orders by an outbox (<c>connectors/shop-outbox.sql</c>), which is read in place of the table. Default false.</summary>
    public bool Outbox { get; init; }

    public OrderColumns Orders { get; init; } = new();

    public MerchantColumns Merchants { get; init; } = new();

    public PromoterColumns Promoters { get; init; } = new();

    /// <summary>What Debezium sends for a large value that the server did not repeat, its <c>unavailable.value.placeholder</c>. Default Debezium's own; means nothing to capture inside the service.</summary>
    public string UnavailableValue { get; init; } = UnavailableText.Default;

    /// <summary>A slot of that name is dropped and the source read anew. No key of the configuration sets it. Default false.</summary>
    public bool StartAnew { get; init; }

    /// <summary>
    /// How long whole transactions wait for company before they are committed to the log; a mark of the source, which says how fresh the log is, does not wait. Default 50 ms.
    /// </summary>
    public TimeSpan CommitLinger { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Bytes of records after which a log commit does not wait for more. Default 4 MiB; a transaction of more than four times that is split, and one of more than 16 times that is not held where a key is deferrable: the tables are read again.</summary>
    public int CommitBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How often the server hears what is durable, and how often an idle source moves its slot on. Default 5 s.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the source may be unheard before nothing fires. Default 10 s, at least 1 s. Marks in its WAL say five times as often how far it has been read.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a slot that somebody else holds is waited for: the server notices a killed reader late. Default 70 s, above its own time-out of 60 s.</summary>
    public TimeSpan SlotWait { get; init; } = TimeSpan.FromSeconds(70);

    /// <summary>How long the first connection is tried before the start fails. Default 30 s; later losses are retried for ever.</summary>
    public TimeSpan StartupWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest pause between two attempts to reconnect. Default 10 s.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>One message for each rule that is broken: key, rule, value; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return $"{section}:ConnectionString must name the shop's PostgreSQL, but is empty.";
        }
        else if (ConnectionText.Problem(ConnectionString, "shop") is { } problem)
        {
            yield return $"{section}:ConnectionString cannot be read: {problem}.";
        }

        if (TopicPrefix.Length == 0 || TopicPrefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            yield return $"{section}:Topic must be letters, digits, '.', '_' or '-', but is '{TopicPrefix}'.";
        }

        if (Partitions < 1)
        {
            yield return $"{section}:Partitions must be at least 1, but is {Partitions}.";
        }

        if (SlotName is { } slot && (slot.Length is 0 or > MaxName || slot.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')))
        {
            yield return $"{section}:SlotName must be 1 to {MaxName} lower-case letters, digits or '_', but is '{slot}'.";
        }

        if (PublicationName.Length == 0 || Encoding.UTF8.GetByteCount(PublicationName) > MaxName)
        {
            yield return $"{section}:PublicationName must have 1 to {MaxName} bytes, but is '{PublicationName}'.";
        }

        if (UnavailableText.Problem(UnavailableValue) is { } unavailable)
        {
            yield return $"{section}:UnavailableValue {unavailable}, but is '{UnavailableValue}'.";
        }

        if (CommitBytes < 1)
        {
            yield return $"{section}:CommitBytes must be at least 1, but is {CommitBytes}.";
        }

        if (Silence < SilenceMin || Silence > SilenceMax)
        {
            yield return $"{section}:Silence must be from {SilenceMin} to {SilenceMax}, but is {Silence}.";
        }

        foreach (var (key, value) in new[] { ("StatusInterval", StatusInterval), ("SlotWait", SlotWait), ("StartupWait", StartupWait), ("ReconnectMax", ReconnectMax) })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return $"{section}:{key} must be positive, but is {value}.";
            }
        }

        if (CommitLinger < TimeSpan.Zero)
        {
            yield return $"{section}:CommitLinger must not be negative, but is {CommitLinger}.";
        }
    }

    /// <summary>
    /// How much of one transaction may wait in memory for its commit: where a key is checked late, what a change means shows only then.
    /// </summary>
    internal long HeldBytes => CommitBytes * 16L;

    /// <summary>How long the stream may bring nothing before its connection is taken for lost, where the server has answered in time so far.</summary>
    internal TimeSpan ReceiveWait => Silence * 3;

    /// <summary>
    /// How often a mark is written: several come within the silence, so that one that is late closes nothing; and an order that is changed just before its mark
    /// waits for the next one, which a long silence is no reason for.
    /// </summary>
    internal TimeSpan MarkInterval => Silence / 5 < MarkIntervalMax ? Silence / 5 : MarkIntervalMax;

    static readonly TimeSpan MarkIntervalMax = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The slot's name for a database: what a slot may not be named becomes <c>_</c>. Slots are the whole cluster's, so where the name does not say all of the
    /// database's any more, a hash of that follows.
    /// </summary>
    internal string SlotFor(string database)
    {
        const string prefix = "streamsettle_";
        var name = new string([.. database.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '_')]);
        if (name != database || prefix.Length + name.Length > MaxName)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database)).AsSpan(0, HashBytes));
            name = $"{name[..Math.Min(name.Length, MaxName - prefix.Length - 1 - hash.Length)]}_{hash}";
        }

        return SlotName ?? prefix + name;
    }
}
