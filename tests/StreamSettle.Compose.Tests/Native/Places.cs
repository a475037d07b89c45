using System.Globalization;
using StreamSettle.Tests.Links;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>Where on this machine is what the containers know by name: hosts, ports and paths of the compose file, and what takes their place. All else stays as it is.</summary>
sealed class Places(string folder, string secrets)
{
    public int Postgres { get; } = FreePort.Find();

    public int Broker { get; } = FreePort.Find();

    public int Connect { get; } = FreePort.Find();

    public string LogsFolder { get; } = Path.Combine(folder, "kafka-data");

    public string BrokerAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Broker}");

    public Uri ConnectUrl => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Connect}"));

    int Controller { get; } = FreePort.Find();

    int Host { get; } = FreePort.Find();

    public Dictionary<string, string> Replace(IEnumerable<KeyValuePair<string, string>> values) => values.ToDictionary(pair => pair.Key, pair => Replace(pair.Value));

    /// <summary>Whole addresses first: the rest would hit their parts.</summary>
    string Replace(string value) => Pairs().Aggregate(value, (text, pair) => text.Replace(pair.Here, pair.There, StringComparison.Ordinal));

    IEnumerable<(string Here, string There)> Pairs()
    {
        var at = CultureInfo.InvariantCulture;
        return
        [
            ("PLAINTEXT://:9092", string.Create(at, $"PLAINTEXT://127.0.0.1:{Broker}")), ("CONTROLLER://:9093", string.Create(at, $"CONTROLLER://127.0.0.1:{Controller}")),
            ("HOST://:29092", string.Create(at, $"HOST://127.0.0.1:{Host}")), ("localhost:29092", string.Create(at, $"127.0.0.1:{Host}")),
            ("kafka:9093", string.Create(at, $"127.0.0.1:{Controller}")), ("kafka:9092", BrokerAddress), ("http://connect:8083", $"http://127.0.0.1:{Connect}"),
            ("http://:8083", string.Create(at, $"http://127.0.0.1:{Connect}")), ("Host=postgres;", string.Create(at, $"Host=127.0.0.1;Port={Postgres};")),
            ("/var/lib/kafka/data", LogsFolder), ("/kafka/connect", SharedPrograms.PluginsFolder), ("/run/secrets", secrets), ("/app/", AppContext.BaseDirectory),
        ];
    }
}
