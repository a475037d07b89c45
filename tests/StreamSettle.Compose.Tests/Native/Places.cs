using System.Globalization;
using StreamSettle.Tests.Links;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>Where on this machine is what the containers know by name: hosts, ports and paths of the compose file, and what takes their place. All else stays as it is.</summary>
sealed class Places(string folder, Checkout checkout)
{
    const int Systems = 5;

    /// <summary>Of the downstream systems' control API; theirs follow.</summary>
    const int ControlPort = 9000;

    public int Postgres { get; } = FreePort.Find();

    public int Broker { get; } = FreePort.Find();

    public int Connect { get; } = FreePort.Find();

    public string LogsFolder { get; } = Path.Combine(folder, "kafka-data");

    public string BrokerAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Broker}");

    public Uri ConnectUrl => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Connect}"));

    int Controller { get; } = FreePort.Find();

    int Host { get; } = FreePort.Find();

    int Service { get; } = FreePort.Find();

    /// <summary>What takes the place of <see cref="ControlPort"/>.</summary>
    int Downstreams { get; } = FreePort.Find(1 + Systems);

    public Uri ServiceUrl => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Service}"));

    public string EffectsFolder { get; } = Directory.CreateDirectory(Path.Combine(folder, "effects")).FullName;

    public Dictionary<string, string> Replace(IEnumerable<KeyValuePair<string, string>> values) => values.ToDictionary(pair => pair.Key, pair => Replace(pair.Value));

    /// <summary>Whole values and addresses first: the rest would hit their parts.</summary>
    public string Replace(string value) => value == ControlPort.ToString(CultureInfo.InvariantCulture) ? Downstreams.ToString(CultureInfo.InvariantCulture) : Pairs().Aggregate(value, (text, pair) => text.Replace(pair.Here, pair.There, StringComparison.Ordinal));

    IEnumerable<(string Here, string There)> Pairs()
    {
        var at = CultureInfo.InvariantCulture;
        return
        [
            ("PLAINTEXT://:9092", string.Create(at, $"PLAINTEXT://127.0.0.1:{Broker}")), ("CONTROLLER://:9093", string.Create(at, $"CONTROLLER://127.0.0.1:{Controller}")),
            ("HOST://:29092", string.Create(at, $"HOST://127.0.0.1:{Host}")), ("localhost:29092", string.Create(at, $"127.0.0.1:{Host}")),
            ("kafka:9093", string.Create(at, $"127.0.0.1:{Controller}")), ("kafka:9092", BrokerAddress), ("http://connect:8083", $"http://127.0.0.1:{Connect}"),
            ("http://:8083", string.Create(at, $"http://127.0.0.1:{Connect}")), ("Host=postgres;", string.Create(at, $"Host=127.0.0.1;Port={Postgres};")),
            ("http://streamsettle:8787", $"{ServiceUrl}"), ("http://0.0.0.0:8787", $"{ServiceUrl}"), ("127.0.0.1/8787", string.Create(at, $"127.0.0.1/{Service}")),
            .. Enumerable.Range(1, Systems).Select(system => (string.Create(at, $"http://downstreams:{ControlPort + system}"), string.Create(at, $"http://127.0.0.1:{Downstreams + system}"))),
            ("0.0.0.0", "127.0.0.1"), ("/effects/", $"{EffectsFolder}/"), ("/var/lib/streamsettle", Path.Combine(folder, "state")), ("/rules", checkout.DemoRules),
            ("/var/lib/kafka/data", LogsFolder), ("/kafka/connect", SharedPrograms.PluginsFolder), ("/run/secrets", checkout.SecretsFolder), ("/app/", AppContext.BaseDirectory),
        ];
    }
}
