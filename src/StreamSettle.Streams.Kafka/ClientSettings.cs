using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka.Reading;

namespace StreamSettle.Streams.Kafka;

/// <summary>Makes the clients, each with the settings that its part needs over those that the user gave.</summary>
internal sealed class ClientSettings(KafkaLogOptions options, ILogger logger)
{
    /// <summary>An empty fetch returns so soon: it is what tells a reader that it met the end behind markers.</summary>
    const string FetchWaitMs = "50";

    /// <summary>The same for a reader that goes by records alone: nobody waits for its end but a start, and each empty fetch costs the broker a look at all of its partitions.</summary>
    const string FollowerFetchWaitMs = "250";

    /// <summary>How long a record waits for others of its partition. What is older goes without being asked to.</summary>
    static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(20);

    /// <summary>What the user may set; theirs goes before these.</summary>
    static readonly Dictionary<string, string> ConsumerDefaults = new()
    {
        ["session.timeout.ms"] = "10000",
        ["heartbeat.interval.ms"] = "2000",
        ["fetch.wait.max.ms"] = FetchWaitMs,
        ["queued.max.messages.kbytes"] = "32768",
    };

    static readonly Dictionary<string, string> FollowerDefaults = new(ConsumerDefaults) { ["fetch.wait.max.ms"] = FollowerFetchWaitMs };

    /// <summary>A commit hands over what it has at once, so batches may be large, and nothing of it is refused for being much.</summary>
    static readonly Dictionary<string, string> ProducerDefaults = new()
    {
        ["compression.type"] = "lz4",
        ["linger.ms"] = Linger.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ["batch.num.messages"] = "100000",
        ["queue.buffering.max.messages"] = "0",
        ["queue.buffering.max.kbytes"] = "1048576",

        // A transaction that begins while the markers of the last are being written is told to come again: that is a matter of milliseconds. Each further time waits twice as long, up to a second.
        ["retry.backoff.ms"] = "10",
    };

    /// <summary>The group's member, by one topic; it reads nothing.</summary>
    public ConsumerBuilder<Ignore, Ignore> Member(string group, string member) => Consumer(group, $"{member}-member", ConsumerDefaults, new()
    {
        ["isolation.level"] = "read_committed",
        ["auto.offset.reset"] = "latest",
        ["partition.assignment.strategy"] = "cooperative-sticky",
    });

    /// <summary>Reads given partitions.</summary>
    /// <param name="startsAnew">Where a position is not there any more, reading begins at the start instead of failing.</param>
    public RecordReader Reader(string group, string member, bool startsAnew) => Reader(group, member, startsAnew, ConsumerDefaults);

    /// <summary>Reads given partitions for who goes by their records, and not by whether their end is met.</summary>
    public RecordReader Follower(string group, string member) => Reader(group, member, startsAnew: true, FollowerDefaults);

    RecordReader Reader(string group, string member, bool startsAnew, Dictionary<string, string> defaults)
    {
        var missing = new MissingTopic();
        var settings = new Dictionary<string, string>
        {
            ["isolation.level"] = "read_committed",
            ["auto.offset.reset"] = startsAnew ? "earliest" : "error",
            ["enable.partition.eof"] = "true",
        };
        return new(Consumer(group, $"{member}-reader", defaults, settings, missing.Hear).Build(), missing);
    }

    /// <summary>Asks for offsets.</summary>
    /// <param name="committed">Up to where all transactions are decided; else the high watermark, open ones included.</param>
    public IConsumer<Ignore, Ignore> Asker(string group, bool committed) => Consumer(group, committed ? "asker-committed" : "asker", ConsumerDefaults, new()
    {
        ["isolation.level"] = committed ? "read_committed" : "read_uncommitted",
    }).Build();

    /// <summary>The transactional id is the client's: the same after a restart.</summary>
    public IProducer<Null, Null> Producer(string member) => Transactional($"{member}-producer", TransactionalId(member));

    /// <summary>The one whose transactions alternate with <see cref="Producer"/>'s.</summary>
    public IProducer<Null, Null> OtherProducer(string member) => Transactional($"{member}-producer-2", OtherOf(TransactionalId(member)));

    /// <summary>The id under which a thread's transactions are known to the brokers, and by which others end them when it is dead.</summary>
    public string TransactionalId(string member) => ClientId(member);

    /// <summary>The id of every second transaction of a thread.</summary>
    public static string OtherOf(string transactionalId) => $"{transactionalId}-2";

    /// <summary>Puts out whoever has this transactional id, and ends what it left open.</summary>
    public IProducer<Null, Null> FencingProducer(string transactionalId) => Transactional($"fence-{transactionalId}", transactionalId);

    /// <summary>For a few small records that are to be seen soon.</summary>
    public IProducer<byte[], byte[]?> Teller()
    {
        var settings = Common("members", []);
        settings["enable.idempotence"] = "true";
        settings["linger.ms"] = "0";
        return new ProducerBuilder<byte[], byte[]?>(settings).SetLogHandler((_, message) => Log(message)).SetErrorHandler((_, error) => Log(error)).Build();
    }

    /// <summary>Without transactions, and with a report of each record.</summary>
    public IProducer<byte[]?, byte[]?> PlainProducer(string member)
    {
        var settings = Common($"{member}-producer", ProducerDefaults);
        settings["enable.idempotence"] = "true";
        return new ProducerBuilder<byte[]?, byte[]?>(settings).SetLogHandler((_, message) => Log(message)).SetErrorHandler((_, error) => Log(error)).Build();
    }

    public IAdminClient Admin() =>
        new AdminClientBuilder(Common("admin", [])).SetLogHandler((_, message) => Log(message)).SetErrorHandler((_, error) => Log(error)).Build();

    /// <summary>Names the client in the broker's own tools.</summary>
    string ClientId(string member) => $"{options.ApplicationId}-{options.InstanceId}-{member}";

    IProducer<Null, Null> Transactional(string client, string transactionalId)
    {
        var settings = Common(client, ProducerDefaults);
        settings["enable.idempotence"] = "true";
        settings["dotnet.producer.enable.delivery.reports"] = settings["dotnet.producer.enable.background.poll"] = "false";
        settings["transactional.id"] = transactionalId;
        settings["transaction.timeout.ms"] = ((long)options.TransactionTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return new ProducerBuilder<Null, Null>(settings).SetLogHandler((_, message) => Log(message)).SetErrorHandler((_, error) => Log(error)).Build();
    }

    ConsumerBuilder<Ignore, Ignore> Consumer(string group, string member, Dictionary<string, string> defaults, Dictionary<string, string> own, Action<Error>? hear = null)
    {
        var settings = Common(member, defaults);
        settings["group.id"] = group;
        settings["enable.auto.commit"] = settings["enable.auto.offset.store"] = settings["allow.auto.create.topics"] = "false";
        foreach (var (name, value) in own)
        {
            settings[name] = value;
        }

        return new ConsumerBuilder<Ignore, Ignore>(settings).SetLogHandler((_, message) => Log(message)).SetErrorHandler((_, error) =>
        {
            Log(error);
            hear?.Invoke(error);
        });
    }

    Dictionary<string, string> Common(string member, Dictionary<string, string> defaults)
    {
        var settings = new Dictionary<string, string>(defaults);
        foreach (var (name, value) in options.Client)
        {
            settings[name] = value;
        }

        settings["bootstrap.servers"] = options.BootstrapServers;
        settings["client.id"] = ClientId(member);
        return settings;
    }

    // The client repeats what it says about a broker that is away; what that means for the work is said by who does the work.
    void Log(LogMessage message) => logger.ClientSays(message.Name, message.Message);

    void Log(Error error) => logger.ClientSays(error.Code.ToString(), error.Reason);
}
