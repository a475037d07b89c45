using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

[assembly: AssemblyFixture(typeof(StreamSettle.Kafka.Tests.Broker.KafkaBroker))]

namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>
/// The one broker of a test run: <c>KAFKA_BOOTSTRAP</c> if set, else one started from <c>KAFKA_HOME</c> (default: <c>../shared/kafka</c> beside the checkout), else the tests are
/// skipped with the reason. Where CI is and the default is there, none is skipped. Tests take names of their own (<see cref="NewName"/>).
/// </summary>
public sealed class KafkaBroker : IAsyncLifetime
{
    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>Ports that were free a moment ago are taken by others now and then, hardly so often.</summary>
    const int MostAttempts = 5;

    readonly List<string> said = [];
    readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Process? process;
    string? bootstrap;
    string? missing;
    int names;

    /// <summary>Skips the test where there is no broker.</summary>
    public string Bootstrap
    {
        get
        {
            Assert.SkipWhen(missing is not null, missing ?? "");
            return bootstrap!;
        }
    }

    /// <summary>The download whose broker it is, with programs that can be run; null where the broker is somebody else's.</summary>
    public string? Home { get; private set; }

    /// <summary>Where Kafka Connect's plugins are: <c>CONNECT_PLUGIN_PATH</c>, else beside the download.</summary>
    public string? Plugins { get; private set; }

    /// <summary>Everything of this run, deleted at its end.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"streamsettle-kafka-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40]);

    /// <summary>A prefix that no other test has.</summary>
    public string NewName(string what) => $"{what}-{Interlocked.Increment(ref names)}-{Path.GetFileName(Folder)[^6..]}";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        bootstrap = Environment.GetEnvironmentVariable("KAFKA_BOOTSTRAP");
        if (!string.IsNullOrEmpty(bootstrap))
        {
            return;
        }

        var given = Environment.GetEnvironmentVariable("KAFKA_HOME");
        var home = string.IsNullOrEmpty(given) ? FindShared(AppContext.BaseDirectory) : given;
        if (home is null || !File.Exists(Path.Combine(home, "bin", KafkaHome.ServerStart)))
        {
            missing = $"no broker: set KAFKA_BOOTSTRAP, or KAFKA_HOME to a Kafka download ({home ?? "../shared/kafka"} has no bin/kafka-server-start.sh)";
            return;
        }

        Home = KafkaHome.Whole(Path.GetFullPath(home), Folder);
        Plugins = Environment.GetEnvironmentVariable("CONNECT_PLUGIN_PATH") is { Length: > 0 } plugins ? plugins : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(home))!, "connect-plugins");
        await StartAsync(Home);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    static string? FindShared(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "StreamSettle.sln")))
            {
                return Path.Combine(folder.Parent!.FullName, "shared", "kafka");
            }
        }

        return null;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    async Task StartAsync(string home)
    {
        for (var attempt = 1; !await TryStartAsync(home, attempt); attempt++)
        {
            Assert.True(attempt < MostAttempts, $"a port was taken at each of {attempt} attempts:\n{Said()}");
        }
    }

    /// <returns>False when somebody else took a port after it was found free: the broker cannot be told to take any and say which, as clients are sent where it is advertised.</returns>
    async Task<bool> TryStartAsync(string home, int attempt)
    {
        var (port, controller) = (FreePort(), FreePort());
        var settings = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"server-{attempt}.properties"));
        await File.WriteAllTextAsync(settings, Settings(port, controller, attempt));
        using (var format = Run(Path.Combine(home, "bin", "kafka-storage.sh"), "format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", settings))
        {
            await format.WaitForExitAsync();
            Assert.True(format.ExitCode == 0, Said());
        }

        lock (said)
        {
            said.Clear();
        }

        process = Run(Path.Combine(home, "bin", KafkaHome.ServerStart), settings);
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(started.Task, ended).WaitAsync(StartPatience) == ended)
        {
            process.Dispose();
            process = null;
            return WasTaken() ? false : throw new InvalidOperationException($"the broker ended:\n{Said()}");
        }

        bootstrap = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        return true;
    }

    /// <summary>Short patience everywhere, so that tests of patience are short.</summary>
    string Settings(int port, int controller, int attempt) => string.Create(CultureInfo.InvariantCulture, $"""
        process.roles=broker,controller
        node.id=1
        listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
        advertised.listeners=PLAINTEXT://127.0.0.1:{port}
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        controller.quorum.voters=1@127.0.0.1:{controller}
        log.dirs={Path.Combine(Folder, "logs")}-{attempt}
        auto.create.topics.enable=true
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=2
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=2
        transaction.abort.timed.out.transaction.cleanup.interval.ms=500
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        share.coordinator.state.topic.num.partitions=1
        group.initial.rebalance.delay.ms=0
        group.min.session.timeout.ms=500
        log.cleaner.backoff.ms=200
        log.segment.bytes=16777216
        """);

    Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xmx384m";
        start.Environment["KAFKA_JIT_LEVEL"] = "1";
        start.Environment["LOG_DIR"] = Path.Combine(Folder, "server-logs");
        var running = Process.Start(start)!;
        running.OutputDataReceived += (_, line) => Hear(line.Data);
        running.ErrorDataReceived += (_, line) => Hear(line.Data);
        running.BeginOutputReadLine();
        running.BeginErrorReadLine();
        return running;
    }

    void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (said)
        {
            said.Add(line);
        }

        if (line.Contains("Kafka Server started", StringComparison.Ordinal))
        {
            started.TrySetResult();
        }
    }

    /// <summary>It says so long before its last words.</summary>
    bool WasTaken()
    {
        lock (said)
        {
            return said.Exists(line => line.Contains("Address already in use", StringComparison.Ordinal));
        }
    }

    string Said()
    {
        lock (said)
        {
            return string.Join('\n', said.TakeLast(40));
        }
    }
}
