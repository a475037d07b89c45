using System.Globalization;
using StreamSettle.Sandbox.Kafka;
using StreamSettle.Sandbox.Programs;
using StreamSettle.Tests.Links;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>
/// A broker of a download. A test may end it in any way there is, and start it again where it was. Who comes without a name may do everything; at a second address it asks who one is
/// (SASL, SCRAM-SHA-256, without TLS), and lets nobody do what no ACL allows him.
/// </summary>
public sealed class BrokerServer : IAsyncDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    readonly string home;
    readonly string folder;
    readonly BrokerSeat? seat;
    readonly IReadOnlyDictionary<string, string> more;
    int port;
    int guardedPort;
    string settings = "";
    OwnedProgram? program;

    BrokerServer(string home, string folder, BrokerSeat? seat, IReadOnlyDictionary<string, string> more) => (this.home, this.folder, this.seat, this.more) = (home, folder, seat, more);

    public string Bootstrap => Address(port);

    /// <summary>Where it asks who one is.</summary>
    public string GuardedBootstrap => Address(guardedPort);

    /// <summary>Where the partitions lie, each in a folder of its own.</summary>
    public string LogsFolder { get; private set; } = "";

    /// <param name="home">The download.</param>
    /// <param name="folder">For all that it keeps.</param>
    /// <param name="seat">Among several; null for one alone.</param>
    /// <param name="more">Settings besides; null for none.</param>
    public static async Task<BrokerServer> StartAsync(string home, string folder, BrokerSeat? seat = null, IReadOnlyDictionary<string, string>? more = null)
    {
        Directory.CreateDirectory(folder);
        var server = new BrokerServer(home, folder, seat, more ?? new Dictionary<string, string>());
        server.program = await KafkaProgram.StartServerAsync(server.StartAsync, StartPatience, CancellationToken.None);
        return server;
    }

    /// <summary>Lets it end in good order.</summary>
    public async Task StopAsync()
    {
        Signals.Terminate(program!.Id);
        await program.ExitAsync(CancellationToken.None);
    }

    /// <summary>Ends it as the machine's failure would.</summary>
    public Task KillAsync() => program!.KillAsync();

    /// <summary>Lets it stand still without giving up a connection.</summary>
    public void Freeze() => Signals.Freeze(program!.Id);

    public void Thaw() => Signals.Thaw(program!.Id);

    /// <summary>Starts it again at its place and with what it has written.</summary>
    public async Task StartAgainAsync()
    {
        await DisposeAsync();
        program = Run();
        if (await program.ReadyAsync(StartPatience, CancellationToken.None) is null)
        {
            throw program.Ended();
        }
    }

    public ValueTask DisposeAsync() => program?.DisposeAsync() ?? ValueTask.CompletedTask;

    async Task<OwnedProgram> StartAsync(int attempt)
    {
        (port, guardedPort) = (FreePort.Find(), FreePort.Find());
        settings = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"server-{attempt}.properties"));
        LogsFolder = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"logs-{attempt}"));
        await File.WriteAllLinesAsync(settings, BrokerSettings.Short.Concat(more).Select(setting => $"{setting.Key}={setting.Value}").Prepend(Settings(seat ?? new(1, [FreePort.Find()]))));
        await using (var format = KafkaProgram.Start(Program(KafkaHome.Storage), ["format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", settings], folder, new()))
        {
            await format.SucceedAsync(CancellationToken.None);
        }

        return Run();
    }

    OwnedProgram Run() => KafkaProgram.Start(Program(KafkaHome.ServerStart), [settings], Path.Combine(folder, "server-logs"), new(), "Kafka Server started");

    string Program(string name) => Path.Combine(home, "bin", name);

    /// <summary>Of this one beside <see cref="BrokerSettings.Short"/>.</summary>
    string Settings(BrokerSeat seat) => string.Create(CultureInfo.InvariantCulture, $"""
        process.roles=broker,controller
        node.id={seat.Node}
        listeners=PLAINTEXT://{Bootstrap},SASL_PLAINTEXT://{GuardedBootstrap},CONTROLLER://127.0.0.1:{seat.ControllerPort}
        advertised.listeners=PLAINTEXT://{Bootstrap},SASL_PLAINTEXT://{GuardedBootstrap}
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
        controller.quorum.voters={seat.Voters}
        log.dirs={LogsFolder}
        default.replication.factor={seat.Replicas}
        min.insync.replicas={seat.InSync}
        offsets.topic.replication.factor={seat.Replicas}
        transaction.state.log.replication.factor={seat.Replicas}
        transaction.state.log.min.isr={seat.InSync}
        share.coordinator.state.topic.replication.factor={seat.Replicas}
        share.coordinator.state.topic.min.isr={seat.InSync}
        authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
        super.users=User:ANONYMOUS
        sasl.enabled.mechanisms=SCRAM-SHA-256
        listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
        """);

    static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
