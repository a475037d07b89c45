using System.Globalization;
using StreamSettle.Sandbox.Kafka;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>
/// A broker of a download. A test may end it in any way there is, and start it again where it was. Who comes without a name may do everything; at a second address it asks who one is
/// (SASL, SCRAM-SHA-256, without TLS), and lets nobody do what no ACL allows him.
/// </summary>
public sealed class BrokerServer : IAsyncDisposable
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    /// <summary>Ports that were free a moment ago are taken by others now and then, hardly so often.</summary>
    const int MostAttempts = 5;

    readonly string home;
    readonly string folder;
    readonly BrokerSeat? seat;
    readonly IReadOnlyDictionary<string, string> more;
    int port;
    int guardedPort;
    string settings = "";
    KafkaProgram? program;

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
        try
        {
            for (var attempt = 1; !await server.TryStartAsync(attempt); attempt++)
            {
                Assert.True(attempt < MostAttempts, $"a port was taken at each of {attempt} attempts:\n{server.program!.Tail}");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it end in good order.</summary>
    public async Task StopAsync()
    {
        program!.Terminate();
        await program.ExitAsync();
    }

    /// <summary>Ends it as the machine's failure would.</summary>
    public async Task KillAsync()
    {
        program!.Kill();
        await program.ExitAsync();
    }

    /// <summary>Lets it stand still without giving up a connection.</summary>
    public void Freeze() => program!.Freeze();

    public void Thaw() => program!.Thaw();

    /// <summary>Starts it again at its place and with what it has written.</summary>
    public async Task StartAgainAsync() => Assert.True(await RunAsync(), program!.Tail);

    public async ValueTask DisposeAsync()
    {
        if (program is not null)
        {
            await program.DisposeAsync();
        }
    }

    /// <returns>False when somebody else took a port after it was found free: the broker cannot be told to take any and say which, as clients are sent where it is advertised.</returns>
    async Task<bool> TryStartAsync(int attempt)
    {
        (port, guardedPort) = (FreePort.Find(), FreePort.Find());
        settings = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"server-{attempt}.properties"));
        LogsFolder = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"logs-{attempt}"));
        await File.WriteAllLinesAsync(settings, BrokerSettings.Short.Concat(more).Select(setting => $"{setting.Key}={setting.Value}").Prepend(Settings(seat ?? new(1, [FreePort.Find()]))));
        await using (var format = KafkaProgram.Start(home, "kafka-storage.sh", ["format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", settings], folder))
        {
            Assert.True(await format.ExitAsync() == 0, format.Tail);
        }

        return await RunAsync();
    }

    /// <returns>False when a port is somebody else's.</returns>
    async Task<bool> RunAsync()
    {
        await DisposeAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        program = KafkaProgram.Start(home, KafkaHome.ServerStart, [settings], Path.Combine(folder, "server-logs"), line =>
        {
            if (line.Contains("Kafka Server started", StringComparison.Ordinal))
            {
                started.TrySetResult();
            }
        });
        var ended = program.ExitAsync();
        if (await Task.WhenAny(started.Task, ended).WaitAsync(StartPatience) != ended)
        {
            return true;
        }

        // It says so long before its last words.
        return program.HasSaid("Address already in use") ? false : throw new InvalidOperationException($"the broker ended:\n{program.Tail}");
    }

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
