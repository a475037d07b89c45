using System.Globalization;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Programs;

namespace StreamSettle.Sandbox.Kafka;

/// <summary>A Kafka of our own for the demo, benchmarks and tests: one node, broker and controller, on ports of 127.0.0.1 alone. It ends with its owner.</summary>
public sealed class PrivateBroker : IAsyncDisposable
{
    /// <summary>It takes some 4 s on a machine that does nothing else.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    const string ClusterId = "4L6g3nShT-eMCtK--X86sw";

    readonly OwnedProgram program;

    PrivateBroker(OwnedProgram program, string bootstrap) => (this.program, Bootstrap) = (program, bootstrap);

    /// <summary>What clients call <c>bootstrap.servers</c>.</summary>
    public string Bootstrap { get; }

    /// <summary>Of the broker itself.</summary>
    public int ProcessId => program.Id;

    /// <exception cref="EnvironmentFailedException">It does not start; the message has what it said last.</exception>
    public static async Task<PrivateBroker> StartAsync(PrivateBrokerOptions options, CancellationToken stop = default)
    {
        Directory.CreateDirectory(options.Folder);
        var (bootstrap, log) = ("", Path.Combine(options.Folder, "log"));
        var program = await KafkaProgram.StartServerAsync(
            async attempt =>
            {
                bootstrap = At(FreePort.Find());
                var data = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"data-{attempt}"));
                var settings = Path.Combine(options.Folder, "server.properties");
                await Properties.WriteAsync(settings, Settings(bootstrap, At(FreePort.Find()), data), options.Settings, stop);
                await using (var format = KafkaProgram.Start(options.Home.Program(KafkaHome.Storage), ["format", "-t", ClusterId, "-c", settings], log, options.Java))
                {
                    await format.SucceedAsync(stop);
                }

                return KafkaProgram.Start(options.Home.Program(KafkaHome.ServerStart), [settings], log, options.Java, "Kafka Server started");
            },
            Patience, stop);
        return new(program, bootstrap);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => program.DisposeAsync();

    static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>Internal topics with few partitions, and groups that do not wait for further members: a cluster of one node for a few members.</summary>
    static Dictionary<string, string> Settings(string bootstrap, string controller, string data) => new()
    {
        ["process.roles"] = "broker,controller",
        ["node.id"] = "1",
        ["listeners"] = $"PLAINTEXT://{bootstrap},CONTROLLER://{controller}",
        ["advertised.listeners"] = $"PLAINTEXT://{bootstrap}",
        ["controller.listener.names"] = "CONTROLLER",
        ["listener.security.protocol.map"] = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        ["controller.quorum.voters"] = $"1@{controller}",
        ["log.dirs"] = data,
        ["auto.create.topics.enable"] = "false",
        ["offsets.topic.replication.factor"] = "1",
        ["offsets.topic.num.partitions"] = "2",
        ["transaction.state.log.replication.factor"] = "1",
        ["transaction.state.log.min.isr"] = "1",
        ["transaction.state.log.num.partitions"] = "2",
        ["share.coordinator.state.topic.replication.factor"] = "1",
        ["share.coordinator.state.topic.min.isr"] = "1",
        ["share.coordinator.state.topic.num.partitions"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["log.segment.bytes"] = "16777216",
    };
}
