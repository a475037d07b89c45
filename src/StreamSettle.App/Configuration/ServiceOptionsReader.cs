using StreamSettle.App.Access;
using StreamSettle.App.Http;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Connect;
using StreamSettle.Connectors.Debezium.Following;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry;
using StreamSettle.Streams.Kafka;
using StreamSettle.Topology;
using StreamSettle.Topology.Ports;

namespace StreamSettle.App.Configuration;

/// <summary>Configuration to options; every key that the contract names is read here and nowhere else.</summary>
static class ServiceOptionsReader
{
    const int MaxPartitions = 1024;
    const int MaxThreads = 64;

    /// <exception cref="UserMistakeException">Every mistake, one a line.</exception>
    public static ServiceOptions Read(IConfiguration configuration)
    {
        var reader = new ConfigurationReader(configuration);
        var options = Read(reader);
        options = options with { NotUsed = OtherKeys.NotUsed(configuration, options.Transport) };
        ServiceLogging.Check(reader, configuration);

        // First what is misspelt: what is missing may be missing by it.
        List<string> problems = [.. UnknownKeys.Of(configuration, reader.Known), .. reader.Problems];
        return problems.Count == 0 ? options : throw new UserMistakeException(string.Join(Environment.NewLine, problems));
    }

    /// <summary>Every key that means something here.</summary>
    public static KnownKeys Keys()
    {
        var reader = new ConfigurationReader(new ConfigurationBuilder().Build());
        Read(reader);
        return reader.Known;
    }

    static ServiceOptions Read(ConfigurationReader reader)
    {
        var isKafka = IsKafka(reader);
        OtherKeys.AddTo(reader.Known);
        // Not called yet, but read as the others are, so that a mistake is told now and not when it is.
        DownstreamOptionsReader.Read(reader, Leg.TaxRefund);
        var connect = ConnectOptionsReader.Read(reader, needed: isKafka);
        var partitions = Partitions(reader);
        var source = Source(reader, partitions);
        var settlements = new SettlementSettings
        {
            Retention = reader.Duration("Settlements:Retention", new SettlementSettings().Retention, countsDays: true),
            CompletedSince = reader.Instant("Source:CompletedSince"),
        };
        reader.Add(settlements.Problems("Settlements"));
        reader.Add(Outbox(source, settlements));
        var urls = ListeningUrls.Read(reader);
        var access = AccessKeys.Read(reader);
        reader.Add(access.Problems(urls));
        var audit = Audit(reader, source.ConnectionString);
        var downstreams = SettlementTopology.Calls.ToDictionary(leg => leg, leg => DownstreamOptionsReader.Read(reader, leg));
        var reconcile = ReconcileOptionsReader.Read(reader);
        reader.Add(reconcile.Every is null ? [] : ReconcileOptionsReader.Problems(reconcile, downstreams));
        var applicationId = ApplicationId(reader);
        var seal = SealOptionsReader.Read(reader);
        var stateDirectory = reader.Required("StateDirectory", "a directory of this service alone, where its state lives");
        var host = KafkaOptionsReader.Host(reader);
        var kafka = KafkaOptionsReader.Read(reader, applicationId, stateDirectory, isKafka);
        var format = Format(reader);
        var registry = RegistryOptionsReader.Read(reader, isUsed: isKafka, isNeeded: isKafka && (connect?.Format == SourceFormat.Avro || format == InternalFormat.Avro));
        return new()
        {
            ApplicationId = isKafka ? kafka.ApplicationId : applicationId,
            Transport = Transport(reader, (kafka, connect, registry), source, isKafka) switch
            {
                TransportOptions.Kafka cluster => cluster with { Host = host, Subjects = RegistryOptionsReader.Strategy(reader) },
                var other => other,
            },
            InternalFormat = format,
            StateDirectory = stateDirectory,
            Partitions = partitions,
            StreamThreads = InRange(reader, "StreamThreads", Math.Clamp(Environment.ProcessorCount, 1, 4), MaxThreads),
            Source = source,
            AuditConnectionString = audit.ConnectionString,
            AuditSchema = audit.Schema,
            AuditBacklog = InRange(reader, "Audit:Backlog", 2_000_000, int.MaxValue),
            Keys = EncryptionOptionsReader.Read(reader),
            Seal = seal,
            Notary = NotaryOptionsReader.Read(reader, isSealed: seal is not null),
            Projections = ProjectionOptionsReader.Read(reader, audit),
            RulesDirectory = RulesDirectory(reader),
            Downstreams = downstreams,
            Settlements = settlements,
            Reconcile = reconcile,
            Access = access,
            Urls = urls,
        };
    }

    /// <returns>Null where nobody says.</returns>
    static InternalFormat? Format(ConfigurationReader reader)
    {
        const string key = "Formats:Internal";
        return reader.Text(key) is null ? null : Enum.Parse<InternalFormat>(reader.OneOf(key, nameof(InternalFormat.Binary), Enum.GetNames<InternalFormat>()));
    }

    static TransportOptions Transport(ConfigurationReader reader, (KafkaLogOptions Log, ConnectOptions? Connect, RegistryOptions? Registry) cluster, EmbeddedCdcOptions source, bool isKafka)
    {
        // One that is missing was told already, and ends the start.
        if (!isKafka || cluster.Connect is not { } connect)
        {
            return new TransportOptions.Embedded();
        }

        reader.Add(new DebeziumOptions(source, connect).Problems());
        return new TransportOptions.Kafka(cluster.Log, connect, cluster.Registry);
    }

    static bool IsKafka(ConfigurationReader reader)
    {
        var transport = reader.OneOf("Transport", "Embedded", "Embedded", "Kafka");
        var cdc = reader.OneOf("Source:Cdc", transport == "Kafka" ? "Debezium" : "Embedded", "Embedded", "Debezium");
        if ((transport, cdc) is not (("Embedded", "Embedded") or ("Kafka", "Debezium")))
        {
            reader.Add($"Transport={transport} does not go with Source:Cdc={cdc}: Embedded goes with Embedded, Kafka with Debezium.");
        }

        return transport == "Kafka";
    }

    public static string ApplicationId(ConfigurationReader reader) => reader.Text("ApplicationId") ?? "streamsettle";

    public static int Partitions(ConfigurationReader reader) => InRange(reader, "Partitions", 16, MaxPartitions);

    public static EmbeddedCdcOptions Source(ConfigurationReader reader, int partitions)
    {
        var defaults = new EmbeddedCdcOptions { ConnectionString = "" };
        var options = defaults with
        {
            ConnectionString = DatabasePassword.Add(
                reader, "Source", reader.Required("Source:ConnectionString", "the shop's PostgreSQL, such as Host=db;Database=shop;Username=streamsettle")),
            TopicPrefix = reader.Text("Source:Topic") ?? defaults.TopicPrefix,
            Partitions = partitions,
            SlotName = reader.Text("Source:SlotName"),
            PublicationName = reader.Text("Source:PublicationName") ?? defaults.PublicationName,
            Silence = reader.Duration("Source:Silence", defaults.Silence),
            Outbox = ConnectOptionsReader.Outbox(reader),
            UnavailableValue = reader.Text("Source:UnavailableValue") ?? defaults.UnavailableValue,
        };
        reader.Add(options.Problems("Source").Where(problem => options.ConnectionString.Length > 0 || !problem.Contains("ConnectionString", StringComparison.Ordinal)));
        return options;
    }

    static IEnumerable<string> Outbox(EmbeddedCdcOptions source, SettlementSettings settlements)
    {
        if (source.Outbox && settlements.CompletedSince is null)
        {
            yield return $"{ConnectOptionsReader.OutboxKey} wants Source:CompletedSince: an outbox does not say which orders were completed, and perhaps settled, before its first event. Set it to the instant from which on completed orders are to be settled here.";
        }
    }

    static AuditOptions Audit(ConfigurationReader reader, string sourceConnection)
    {
        var own = reader.Text("Audit:ConnectionString");
        if (reader.FilePath("Audit:PasswordFile") is not null && own is null)
        {
            reader.Add("Audit:PasswordFile belongs to Audit:ConnectionString, which is not set: set that too, or use Source:PasswordFile for the server that both share.");
        }

        var options = new AuditOptions { ConnectionString = own is null ? sourceConnection : DatabasePassword.Add(reader, "Audit", own), Schema = reader.Text("Audit:Schema") ?? new AuditOptions().Schema };
        // What the two share is a problem of the source's key, and told there.
        reader.Add(options.Problems("Audit").Where(problem => own is not null || !problem.Contains("ConnectionString", StringComparison.Ordinal)));
        return options;
    }

    static string RulesDirectory(ConfigurationReader reader)
    {
        var directory = reader.Required("Rules:Directory", "the directory of the rule sets (*.json)");
        if (directory.Length > 0 && !Directory.Exists(directory))
        {
            reader.Add($"Rules:Directory must name a directory that exists, but there is none at '{directory}'.");
        }

        return directory;
    }

    static int InRange(ConfigurationReader reader, string key, int fallback, int most)
    {
        var value = reader.Whole(key, fallback);
        if (value >= 1 && value <= most)
        {
            return value;
        }

        // Whoever the value is given on to would say so again, by another key.
        reader.Add($"{key} must be from 1 to {most}, but is {value}.");
        return fallback;
    }
}
