using StreamSettle.App.Access;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Addresses;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
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
        return reader.Problems.Count == 0 ? options : throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems));
    }

    static ServiceOptions Read(ConfigurationReader reader)
    {
        CheckTransport(reader);
        var partitions = InRange(reader, "Partitions", 16, MaxPartitions);
        var source = Source(reader, partitions);
        var settlements = new SettlementSettings
        {
            Retention = reader.Duration("Settlements:Retention", new SettlementSettings().Retention),
            CompletedSince = reader.Instant("Source:CompletedSince"),
        };
        reader.Add(settlements.Problems("Settlements"));
        var urls = Urls(reader);
        var access = AccessKeys.Read(reader);
        reader.Add(access.Problems(urls));
        var audit = Audit(reader, source.ConnectionString);
        return new()
        {
            ApplicationId = reader.Text("ApplicationId") ?? "streamsettle",
            StateDirectory = reader.Required("StateDirectory", "a directory of this service alone, where its state lives"),
            Partitions = partitions,
            StreamThreads = InRange(reader, "StreamThreads", Math.Clamp(Environment.ProcessorCount, 1, 4), MaxThreads),
            Source = source,
            AuditConnectionString = audit.ConnectionString,
            AuditSchema = audit.Schema,
            AuditBacklog = InRange(reader, "Audit:Backlog", 2_000_000, int.MaxValue),
            RulesDirectory = RulesDirectory(reader),
            Downstreams = SettlementTopology.Calls.ToDictionary(leg => leg, leg => Downstream(reader, leg)),
            Settlements = settlements,
            Access = access,
            Urls = urls,
        };
    }

    static void CheckTransport(ConfigurationReader reader)
    {
        var transport = reader.OneOf("Transport", "Embedded", "Embedded", "Kafka");
        var cdc = reader.OneOf("Source:Cdc", transport == "Kafka" ? "Debezium" : "Embedded", "Embedded", "Debezium");
        if ((transport, cdc) is not ("Embedded", "Embedded"))
        {
            reader.Add((transport, cdc) is ("Kafka", "Debezium")
                ? "Transport=Kafka is not part of this release: use Transport=Embedded with Source:Cdc=Embedded."
                : $"Transport={transport} does not go with Source:Cdc={cdc}: Embedded goes with Embedded, Kafka with Debezium.");
        }
    }

    static EmbeddedCdcOptions Source(ConfigurationReader reader, int partitions)
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
        };
        reader.Add(options.Problems("Source").Where(problem => options.ConnectionString.Length > 0 || !problem.Contains("ConnectionString", StringComparison.Ordinal)));
        return options;
    }

    static AuditOptions Audit(ConfigurationReader reader, string sourceConnection)
    {
        var own = reader.Text("Audit:ConnectionString");
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

    static DownstreamOptions Downstream(ConfigurationReader reader, Leg leg)
    {
        var section = $"Downstreams:{leg}";
        var defaults = new DownstreamOptions();
        var options = defaults with
        {
            BaseUrl = reader.Required($"{section}:BaseUrl", $"the base URL of the {leg.Name()} system"),
            Concurrency = reader.Whole($"{section}:Concurrency", defaults.Concurrency),
            Timeout = reader.Duration($"{section}:Timeout", defaults.Timeout),
            BatchSize = reader.Whole($"{section}:BatchSize", defaults.BatchSize),
            BatchBytes = reader.Whole($"{section}:BatchBytes", defaults.BatchBytes),
            RateLimit = reader.WholeOrNull($"{section}:RateLimit"),
            RateWindow = reader.Duration($"{section}:RateWindow", defaults.RateWindow),
            MaxAttempts = reader.Whole($"{section}:MaxAttempts", defaults.MaxAttempts),
            RetryBase = reader.Duration($"{section}:RetryBase", defaults.RetryBase),
            RetryMax = reader.Duration($"{section}:RetryMax", defaults.RetryMax),
            Ordered = reader.Flag($"{section}:Ordered", defaults.Ordered),
            Headers = reader.Configuration.GetSection($"{section}:Headers").GetChildren().Where(header => header.Value is not null)
                .ToDictionary(header => header.Key, header => header.Value!),
            ClientCertificate = reader.Text($"{section}:ClientCertificate"),
            ClientCertificatePasswordFile = reader.Text($"{section}:ClientCertificatePasswordFile"),
        };
        reader.Add(options.Problems(section).Where(problem => options.BaseUrl.Length > 0 || !problem.Contains(":BaseUrl", StringComparison.Ordinal)));
        return options;
    }

    static List<Uri> Urls(ConfigurationReader reader)
    {
        List<Uri> urls = [];
        if (reader.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            // They would take the place of Urls, and with it that of the check that only this machine gets in without a key.
            reader.Add("Kestrel:Endpoints is not used here: say by Urls where the service listens.");
        }

        foreach (var text in (reader.Text("Urls") ?? "http://127.0.0.1:8787").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                urls.Add(url);
            }
            else
            {
                reader.Add($"Urls must be http or https addresses separated by ';', but has '{ShownUrl.Of(text)}'.");
            }
        }

        return urls;
    }

    static int InRange(ConfigurationReader reader, string key, int fallback, int most)
    {
        var value = reader.Whole(key, fallback);
        if (value < 1 || value > most)
        {
            reader.Add($"{key} must be from 1 to {most}, but is {value}.");
        }

        return value;
    }
}
