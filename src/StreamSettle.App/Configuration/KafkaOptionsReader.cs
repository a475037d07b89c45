using System.Security.Cryptography;
using System.Text;
using StreamSettle.Streams.Kafka;

namespace StreamSettle.App.Configuration;

/// <summary>The section <c>Kafka</c>: keys of our own, and whatever else librdkafka takes, by its name or as .NET writes it (<see cref="ClientKeys"/>).</summary>
static class KafkaOptionsReader
{
    public const string Section = "Kafka";

    const int InstanceHashBytes = 8;

    static readonly ClientKeys Keys = new(Section, "session.timeout.ms", "sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password", "sasl.oauthbearer.client.secret");

    /// <summary>Read whatever the transport is, so that every key is known and a wrong value is told.</summary>
    public static KafkaLogOptions Read(ConfigurationReader reader, string applicationId, string stateDirectory, bool isUsed)
    {
        var defaults = new KafkaLogOptions { BootstrapServers = "", ApplicationId = "", InstanceId = "", Directory = "" };
        var options = defaults with
        {
            BootstrapServers = Servers(reader, isUsed),
            ApplicationId = ApplicationId(reader, applicationId),
            InstanceId = reader.Text($"{Section}:InstanceId") ?? InstanceOf(stateDirectory),
            Directory = stateDirectory,
            ReplicationFactor = Replicas(reader),
            ExactlyOnce = reader.OneOf($"{Section}:ProcessingGuarantee", "ExactlyOnce", "ExactlyOnce", "AtLeastOnce") == "ExactlyOnce",
            TransactionTimeout = reader.Duration($"{Section}:TransactionTimeout", defaults.TransactionTimeout),
            AdvertisedUrl = reader.Text($"{Section}:AdvertisedUrl"),
            Standbys = reader.Whole($"{Section}:Standbys", defaults.Standbys),
            CopyCleanupDelay = reader.Duration($"{Section}:CopyCleanupDelay", defaults.CopyCleanupDelay),
            PurgeInterval = reader.Duration($"{Section}:PurgeInterval", defaults.PurgeInterval),
            Client = Keys.Read(reader),
        };
        if (isUsed)
        {
            // What is missing was told already, and an empty state directory under its own key.
            reader.Add(options.Problems(Section).Where(problem => !problem.Contains(":BootstrapServers", StringComparison.Ordinal) && !problem.Contains(":Directory", StringComparison.Ordinal)));
        }

        return options;
    }

    public static StreamsHost Host(ConfigurationReader reader) => Enum.Parse<StreamsHost>(reader.OneOf($"{Section}:Host", nameof(StreamsHost.Native), Enum.GetNames<StreamsHost>()));

    /// <summary>Consumer group, and prefix of the topics that are ours.</summary>
    public static string ApplicationId(ConfigurationReader reader, string applicationId) => reader.Text($"{Section}:ApplicationId") ?? applicationId;

    static string Servers(ConfigurationReader reader, bool isUsed) => isUsed
        ? reader.Required($"{Section}:BootstrapServers", "some of the cluster's brokers, such as kafka-1:9092,kafka-2:9092")
        : reader.Text($"{Section}:BootstrapServers") ?? "";

    static short? Replicas(ConfigurationReader reader)
    {
        var value = reader.WholeOrNull($"{Section}:ReplicationFactor");
        if (value is null or (>= 1 and <= short.MaxValue))
        {
            return (short?)value;
        }

        reader.Add($"{Section}:ReplicationFactor must be from 1 to {short.MaxValue}, but is {value}.");
        return null;
    }

    /// <summary>The machine and the directory: the same after a restart, another for each instance. In containers that are named anew at each start, set the key.</summary>
    static string InstanceOf(string stateDirectory)
    {
        if (stateDirectory.Length == 0)
        {
            return "none";
        }

        var machine = new string([.. Environment.MachineName.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')]);
        return $"{machine}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(stateDirectory))).AsSpan(0, InstanceHashBytes))}";
    }
}
