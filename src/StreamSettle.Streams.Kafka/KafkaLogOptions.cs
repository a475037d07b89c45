using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Kafka;

/// <summary>Where the brokers are, who we are, and where this instance keeps its copy of the stores.</summary>
public sealed record KafkaLogOptions
{
    /// <summary>Kafka's own limit of a transaction: the broker's <c>transaction.max.timeout.ms</c> has to allow it.</summary>
    static readonly TimeSpan TransactionTimeoutMax = TimeSpan.FromMinutes(15);

    const int StandbysMax = 16;

    /// <summary>Settings that the log makes itself, because exactly-once rests on them.</summary>
    static readonly string[] Own =
    [
        "bootstrap.servers", "client.id", "group.id", "transactional.id", "isolation.level", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
        "partition.assignment.strategy", "group.protocol", "group.remote.assignor", "enable.idempotence", "enable.partition.eof", "acks", "allow.auto.create.topics", "transaction.timeout.ms",
    ];

    /// <summary>Host and port of some brokers, separated by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Consumer group and prefix of internal topics and transactional ids.</summary>
    public required string ApplicationId { get; init; }

    /// <summary>
    /// The same after a restart, another for each instance: a restarted one ends the transaction that it left open. Part of the transactional ids. Letters, digits,
    /// '.', '_' or '-'.
    /// </summary>
    public required string InstanceId { get; init; }

    /// <summary>This instance's copy of the stores; made where it is missing, and replayed from the changelogs where it was lost. It has one owner at a time.</summary>
    public required string Directory { get; init; }

    /// <summary>Where the other instances reach this one, such as <c>http://10.0.0.7:8080</c>; told to them, not used by the log. Default null: nowhere.</summary>
    public string? AdvertisedUrl { get; init; }

    /// <summary>On how many other instances each task's stores are followed, so that one that takes it over need not replay them. Default 0.</summary>
    public int Standbys { get; init; }

    /// <summary>What a copy of a store that no task and no standby of this instance has is kept for. Default 10 min, Kafka Streams' <c>state.cleanup.delay.ms</c>.</summary>
    public TimeSpan CopyCleanupDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Replicas of the topics that are made; null for the broker's default. Default null.</summary>
    public short? ReplicationFactor { get; init; }

    /// <summary>False writes records first and commits positions after them, without transactions: after a crash some records count twice. Default true.</summary>
    public bool ExactlyOnce { get; init; } = true;

    /// <summary>How long a transaction may be open before the broker ends it, and with it what a dead instance holds up. Default 10 s, as Kafka Streams.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often records of repartition topics that were consumed are deleted. Default 30 s, as Kafka Streams.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After how long without a commit a thread commits its positions anew, and how often they are noted among the application's values. Default 10 min: the brokers' <c>offsets.retention.minutes</c> is
    /// 7 days by default, and has to be a multiple of it.
    /// </summary>
    public TimeSpan PositionRenewal { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A copy of a store that was left alone for longer is replayed from the changelog's beginning: what was deleted meanwhile may have no trace left in it. Default
    /// 12 h, half of Kafka's <c>delete.retention.ms</c>.
    /// </summary>
    public TimeSpan CopyAgeMax { get; init; } = TimeSpan.FromHours(12);

    /// <summary>Anything else that librdkafka takes, by its name: security, time-outs, sizes. Values may be secrets and are never logged.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>();

    /// <summary>Memory and disk bounds of the copy.</summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>A text without what the user gave as values: among them are secrets.</summary>
    internal string WithoutValues(string text) =>
        Client.Values.Where(value => value.Length > 0).OrderByDescending(value => value.Length).Aggregate(text, (left, value) => left.Replace(value, "***", StringComparison.Ordinal));

    /// <summary>One message for each rule that is broken; empty when all hold.</summary>
    public IEnumerable<string> Problems(string section)
    {
        (string Name, string Value)[] texts = [(nameof(BootstrapServers), BootstrapServers), (nameof(ApplicationId), ApplicationId), (nameof(InstanceId), InstanceId), (nameof(Directory), Directory)];
        foreach (var (name, _) in texts.Where(text => string.IsNullOrWhiteSpace(text.Value)))
        {
            yield return $"{section}:{name} must not be empty.";
        }

        if (TransactionTimeout < TimeSpan.FromSeconds(1) || TransactionTimeout > TransactionTimeoutMax)
        {
            yield return $"{section}:TransactionTimeout must be from 1 s to {TransactionTimeoutMax}, but is {TransactionTimeout}.";
        }

        if (ReplicationFactor is < 1)
        {
            yield return $"{section}:ReplicationFactor must be at least 1, but is {ReplicationFactor}.";
        }

        if (PurgeInterval <= TimeSpan.Zero || CopyAgeMax <= TimeSpan.Zero || CopyCleanupDelay <= TimeSpan.Zero || PositionRenewal <= TimeSpan.Zero)
        {
            yield return $"{section}:PurgeInterval, PositionRenewal, CopyAgeMax and CopyCleanupDelay must be longer than nothing, but are {PurgeInterval}, {PositionRenewal}, {CopyAgeMax} and {CopyCleanupDelay}.";
        }

        if (Standbys is < 0 or > StandbysMax)
        {
            yield return $"{section}:Standbys must be 0 to {StandbysMax}, but is {Standbys}.";
        }

        if (AdvertisedUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
        {
            yield return $"{section}:AdvertisedUrl must be an absolute http or https address, but is '{url}'.";
        }

        foreach (var name in Client.Keys.Where(Own.Contains))
        {
            yield return $"{section}:{name} is set by the service itself, because exactly-once rests on it: leave it out.";
        }

        foreach (var problem in Database.Problems($"{section}:Database"))
        {
            yield return problem;
        }
    }
}
