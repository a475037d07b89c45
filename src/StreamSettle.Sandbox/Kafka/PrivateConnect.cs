using System.Globalization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Programs;

namespace StreamSettle.Sandbox.Kafka;

/// <summary>A Kafka Connect of our own with Debezium: one worker, its REST interface on a port of 127.0.0.1 alone. It ends with its owner.</summary>
public sealed class PrivateConnect : IAsyncDisposable
{
    /// <summary>It takes some 14 s on a machine that does nothing else.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    readonly OwnedProgram program;

    PrivateConnect(OwnedProgram program, Uri url) => (this.program, Url) = (program, url);

    /// <summary>Of its REST interface.</summary>
    public Uri Url { get; }

    /// <summary>Of the worker.</summary>
    public int ProcessId => program.Id;

    /// <exception cref="EnvironmentFailedException">It does not start; the message has what it said last.</exception>
    public static async Task<PrivateConnect> StartAsync(PrivateConnectOptions options, CancellationToken stop = default)
    {
        Directory.CreateDirectory(options.Folder);
        var url = "";
        var program = await KafkaProgram.StartServerAsync(
            async _ =>
            {
                url = options.Url?.GetLeftPart(UriPartial.Authority) ?? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}");
                var settings = Path.Combine(options.Folder, "connect-distributed.properties");
                await Properties.WriteAsync(settings, Settings(options, url), options.Settings, stop);
                return KafkaProgram.Start(options.Home.Program(KafkaHome.ConnectStart), [settings], options.Folder, options.Java, "Finished starting connectors and tasks");
            },
            Patience, stop);
        return new(program, new(url));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => program.DisposeAsync();

    /// <summary>As docs/kafka.md wants it, for one broker.</summary>
    static Dictionary<string, string> Settings(PrivateConnectOptions options, string url) => new()
    {
        ["bootstrap.servers"] = options.Bootstrap,
        ["group.id"] = "connect",
        ["key.converter"] = "org.apache.kafka.connect.json.JsonConverter",
        ["value.converter"] = "org.apache.kafka.connect.json.JsonConverter",
        ["config.storage.topic"] = "connect-configs",
        ["offset.storage.topic"] = "connect-offsets",
        ["status.storage.topic"] = "connect-status",
        ["config.storage.replication.factor"] = "1",
        ["offset.storage.replication.factor"] = "1",
        ["status.storage.replication.factor"] = "1",
        ["offset.storage.partitions"] = "1",
        ["status.storage.partitions"] = "1",
        ["offset.flush.interval.ms"] = "1000",
        ["scheduled.rebalance.max.delay.ms"] = "0",
        ["listeners"] = url,
        ["plugin.path"] = options.Home.Plugins,
        ["plugin.discovery"] = "service_load",
    };
}
