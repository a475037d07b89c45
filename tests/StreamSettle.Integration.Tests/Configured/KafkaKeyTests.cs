using Microsoft.Extensions.Configuration;
using StreamSettle.App.Checks;
using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry.Subjects;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

/// <summary>The section <c>Kafka</c>: our own keys, and librdkafka's under whatever spelling an environment allows.</summary>
public sealed class KafkaKeyTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("streamsettle-keys-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("session.timeout.ms", "session.timeout.ms")]
    [InlineData("SessionTimeoutMs", "session.timeout.ms")]
    [InlineData("session_timeout_ms", "session.timeout.ms")]
    [InlineData("SslCaLocation", "ssl.ca.location")]
    [InlineData("EnableSslCertificateVerification", "enable.ssl.certificate.verification")]
    [InlineData("SASL_MECHANISM", "sasl.mechanism")]
    public void A_setting_of_the_client_has_one_name_in_every_spelling(string key, string name)
    {
        var kafka = Kafka(Read(($"Kafka:{key}", "x")));
        Assert.Equal("x", Assert.Single(kafka.Log.Client).Value);
        Assert.Equal(name, Assert.Single(kafka.Log.Client).Key);
    }

    [Fact]
    public void Keys_of_our_own_are_no_settings_of_the_client()
    {
        var kafka = Kafka(Read(("Kafka:ApplicationId", "settle"), ("Kafka:InstanceId", "a"), ("Kafka:Standbys", "2"), ("Kafka:ReplicationFactor", "3"), ("Kafka:ProcessingGuarantee", "AtLeastOnce"), ("Kafka:AdvertisedUrl", "http://a:1")));
        Assert.Empty(kafka.Log.Client);
        Assert.Equal(("settle", "a", 2, (short?)3, false, "http://a:1"), (kafka.Log.ApplicationId, kafka.Log.InstanceId, kafka.Log.Standbys, kafka.Log.ReplicationFactor, kafka.Log.ExactlyOnce, kafka.Log.AdvertisedUrl));
    }

    [Fact]
    public void A_secret_comes_from_a_file_and_is_not_told_where_the_file_is_missing()
    {
        var file = Path.Combine(folder.FullName, "password");
        File.WriteAllText(file, "hunter2\n");
        Assert.Equal("hunter2", Kafka(Read(("Kafka:SaslPasswordFile", file))).Log.Client["sasl.password"]);
        Assert.Contains("Kafka:SaslPasswordFile must name a file that can be read", Mistake(("Kafka:SaslPasswordFile", file + "-no")), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_ours_in_Avro_want_a_registry_and_are_read_by_it_whatever_is_written()
    {
        Assert.Null(Kafka(Read()).Registry);
        Assert.Contains("SchemaRegistry:Url is missing", Mistake(("Formats:Internal", "Avro")), StringComparison.Ordinal);
        Assert.Contains("Formats:Internal must be one of Binary, Avro", Mistake(("Formats:Internal", "Json")), StringComparison.Ordinal);
        Assert.Contains("Formats:internl is no setting", Mistake(("Formats:internl", "Avro")), StringComparison.Ordinal);
        var avro = Read(("Formats:Internal", "avro"), ("SchemaRegistry:Url", "http://registry:8081"), ("SchemaRegistry:SubjectNameStrategy", "TopicName"));
        Assert.Equal(((InternalFormat?)InternalFormat.Avro, "http://registry:8081", SubjectStrategy.TopicName), (avro.InternalFormat, Kafka(avro).Registry!.Address, Kafka(avro).Subjects));
    }

    [Fact]
    public void Where_nobody_says_in_what_form_records_of_ours_are_written_the_first_start_does()
    {
        (string, string) registry = ("SchemaRegistry:Url", "http://registry:8081");
        var (with, without) = (Read(registry, ("Source:Format", "Avro")), Read());
        Assert.Equal((null, null), (with.InternalFormat, without.InternalFormat));

        Assert.Equal(InternalFormat.Avro, KeptFormat.Of(with, Nothing, isFirst: true));
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(without, Nothing, isFirst: true));
        // Nothing else needs the registry that is named, so it need not be there.
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(Read(registry), Nothing, isFirst: true));
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(Read(registry, ("Formats:Internal", "Binary")), Kept(InternalFormat.Avro), isFirst: false));

        Assert.Equal(InternalFormat.Avro, KeptFormat.Of(with, Kept(InternalFormat.Avro), isFirst: false));
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(with, Kept(InternalFormat.Binary), isFirst: false));
        // A release before this one began it, and its instances may run beside us.
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(with, Nothing, isFirst: false));
        // The registry was taken away: without one nothing can be written in Avro.
        Assert.Equal(InternalFormat.Binary, KeptFormat.Of(without, Kept(InternalFormat.Avro), isFirst: false));
        Assert.Contains("has kept 'Xml'", Assert.Throws<CorruptStateException>(() => KeptFormat.Of(with, _ => "Xml"u8.ToArray(), isFirst: false)).Message, StringComparison.Ordinal);

        static byte[]? Nothing(string name) => null;
        static Func<string, byte[]?> Kept(InternalFormat format) => name => KeptFormat.Entry(format) is var (kept, value) && kept == name ? value : null;
    }

    [Fact]
    public void Mistakes_are_told_by_key()
    {
        Assert.Contains("Kafka:BootstrapServers is missing", Mistake(("Kafka:BootstrapServers", "")), StringComparison.Ordinal);
        Assert.Contains("Connect:Url is missing", Mistake(("Connect:Url", "")), StringComparison.Ordinal);
        Assert.Contains("Kafka:Standby is no setting: did you mean Kafka:Standbys?", Mistake(("Kafka:Standby", "1")), StringComparison.Ordinal);
        Assert.Contains("Kafka:enable.auto.commit is set by the service itself", Mistake(("Kafka:enable.auto.commit", "true")), StringComparison.Ordinal);
        Assert.Contains("is set twice, under two spellings of session.timeout.ms", Mistake(("Kafka:session.timeout.ms", "1"), ("Kafka:SessionTimeoutMs", "2")), StringComparison.Ordinal);
        Assert.Contains("Kafka:ssl is no section", Mistake(("Kafka:ssl:ca:location", "x")), StringComparison.Ordinal);
        Assert.Contains("Kafka:ReplicationFactor must be from 1", Mistake(("Kafka:ReplicationFactor", "0")), StringComparison.Ordinal);
        Assert.Contains("Kafka:Host must be one of Native", Mistake(("Kafka:Host", "Flink")), StringComparison.Ordinal);
        Assert.Contains("Transport=Kafka does not go with Source:Cdc=Embedded", Mistake(("Source:Cdc", "Embedded")), StringComparison.Ordinal);
        Assert.Contains("Transport=Embedded does not go with Source:Cdc=Debezium", Mistake(("Transport", "Embedded"), ("Source:Cdc", "Debezium")), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_host_of_the_stream_threads_is_noted_with_what_it_cannot_do()
    {
        Assert.Equal(StreamsHost.Native, Kafka(Read()).Host);
        Assert.Empty(Read().Notes);

        var hosted = Read(("Kafka:Host", "streamiz"));
        Assert.Equal(StreamsHost.Streamiz, Kafka(hosted).Host);
        Assert.Contains("Kafka:Host is Streamiz: commits come by their interval", Assert.Single(hosted.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void What_counts_twice_at_least_once_is_noted_whoever_runs_the_threads()
    {
        Assert.Equal(["Kafka:ProcessingGuarantee is AtLeastOnce: after a crash or a fenced instance some orders count twice"], Read(("Kafka:ProcessingGuarantee", "AtLeastOnce")).Notes);
        Assert.Equal(2, Read(("Kafka:ProcessingGuarantee", "AtLeastOnce"), ("Kafka:Host", "Streamiz")).Notes.Count());
        Assert.Empty(Read(("Transport", "Embedded"), ("Source:Cdc", "Embedded"), ("Kafka:ProcessingGuarantee", "AtLeastOnce")).Notes);
    }

    [Fact]
    public void Beside_the_embedded_transport_they_do_nothing_and_are_told() =>
        Assert.Equal(["Kafka:BootstrapServers", "Kafka:linger.ms"], Read(("Transport", "Embedded"), ("Kafka:linger.ms", "1")).NotUsed);

    [Fact]
    public void Avro_is_read_with_a_registry_whose_client_takes_its_own_settings()
    {
        var file = Path.Combine(folder.FullName, "registry");
        File.WriteAllText(file, "shop:hunter2\n");
        var registry = Kafka(Read(
            ("Source:Format", "avro"), ("SchemaRegistry:Url", "http://a:8081,http://b:8081"), ("SchemaRegistry:BasicAuthUserInfoFile", file), ("SchemaRegistry:request.timeout.ms", "100"),
            ("SchemaRegistry:schema.registry.max.retries", "2"))).Registry!;

        Assert.Equal("http://a:8081, http://b:8081", registry.Address);
        Assert.Equal(("shop:hunter2", "100", "2"), (registry.Client["schema.registry.basic.auth.user.info"], registry.Client["schema.registry.request.timeout.ms"], registry.Client["schema.registry.max.retries"]));
        Assert.Equal("shop-avro", Kafka(Read(("Source:Format", "Avro"), ("SchemaRegistry:Url", "http://a:8081"))).Connect.Connector);
    }

    [Fact]
    public void Mistakes_about_the_registry_are_told_by_key()
    {
        Assert.Contains("SchemaRegistry:Url is missing", Mistake(("Source:Format", "Avro")), StringComparison.Ordinal);
        Assert.Contains("SchemaRegistry:Url must be the addresses", Mistake(("Source:Format", "Avro"), ("SchemaRegistry:Url", "registry")), StringComparison.Ordinal);
        Assert.Contains("SchemaRegistry:BasicAuthUserInfoFile must name a file that can be read", Mistake(("Source:Format", "Avro"), ("SchemaRegistry:Url", "http://a"), ("SchemaRegistry:BasicAuthUserInfoFile", folder.FullName + "/no")), StringComparison.Ordinal);

        // The commands on schemas go by it.
        Assert.Empty(Read(("SchemaRegistry:Url", "http://a:8081")).NotUsed);
    }

    [Fact]
    public void An_outbox_has_a_connector_of_its_own_and_wants_to_know_from_when_on_orders_are_ours()
    {
        var (outbox, since) = (("Source:Outbox", "true"), ("Source:CompletedSince", "2026-11-01T00:00:00Z"));
        var read = Read(outbox, since, ("Source:UnavailableValue", "n/a"));

        Assert.Equal(("shop-outbox", true, "n/a"), (Kafka(read).Connect.Connector, read.Source.Outbox, read.Source.UnavailableValue));
        Assert.Contains("Source:Outbox wants Source:CompletedSince", Mistake(outbox), StringComparison.Ordinal);
        Assert.Contains("Source:Outbox goes with Source:Format=Json, but that is JsonWithSchema", Mistake(outbox, since, ("Source:Format", "JsonWithSchema")), StringComparison.Ordinal);
        Assert.Contains("Source:Outbox must be true or false, but is 'yes'", Mistake(("Source:Outbox", "yes")), StringComparison.Ordinal);
        Assert.Contains("Source:UnavailableValue must have pairs of hexadecimal digits", Mistake(("Source:UnavailableValue", "hex:1")), StringComparison.Ordinal);
        Assert.Equal(["Kafka:BootstrapServers", "Source:UnavailableValue"], Read(("Transport", "Embedded"), ("Source:UnavailableValue", "n/a")).NotUsed);
    }

    [Fact]
    public void Topics_of_ours_carry_the_application_on_a_cluster_and_only_there()
    {
        Assert.Equal("settle-dead-letters", Read(("Kafka:ApplicationId", "settle")).OwnTopic("dead-letters"));
        Assert.Equal("dead-letters", Read(("Transport", "Embedded")).OwnTopic("dead-letters"));
    }

    static TransportOptions.Kafka Kafka(ServiceOptions options) => Assert.IsType<TransportOptions.Kafka>(options.Transport);

    string Mistake(params (string Key, string Value)[] settings) => Assert.Throws<UserMistakeException>(() => Read(settings)).Message;

    ServiceOptions Read(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new(StringComparer.OrdinalIgnoreCase)
        {
            ["Transport"] = "Kafka", ["Kafka:BootstrapServers"] = "127.0.0.1:1", ["Connect:Url"] = "http://127.0.0.1:2", ["StateDirectory"] = folder.FullName,
            ["Source:ConnectionString"] = "Host=127.0.0.1;Database=shop;Username=u", ["Rules:Directory"] = folder.FullName,
        };
        foreach (var leg in Topology.SettlementTopology.Calls)
        {
            all[$"Downstreams:{leg}:BaseUrl"] = "http://127.0.0.1:3";
        }

        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return ServiceOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
