using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Kafka;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Compose.Tests.Native;

/// <summary>
/// Kafka (with Connect) and Debezium's plug-in on this machine: <c>KAFKA_HOME</c> and <c>CONNECT_PLUGIN_PATH</c>, by default <c>../shared/kafka</c> and
/// <c>../shared/connect-plugins</c> beside the checkout. Without them, or without PostgreSQL, a test is skipped with the reason, except where CI says that all must be there.
/// </summary>
static class SharedPrograms
{
    const string ConnectStart = "connect-distributed.sh";

    static readonly string Shared = Path.Combine(Path.GetDirectoryName(Repository.Root)!, "shared");

    public static string KafkaHomeFolder => Given("KAFKA_HOME") ?? Path.Combine(Shared, "kafka");

    public static string PluginsFolder => KafkaHome.PluginsOf(KafkaHomeFolder);

    public static void Require()
    {
        var missing = Missing().FirstOrDefault();
        Assert.False(missing is not null && Environment.GetEnvironmentVariable("CI") == "true" && Directory.Exists(Shared), missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    static IEnumerable<string> Missing()
    {
        if (!File.Exists(Path.Combine(KafkaHomeFolder, "bin", KafkaHome.ServerStart)) || !File.Exists(Path.Combine(KafkaHomeFolder, "bin", ConnectStart)))
        {
            yield return $"no Kafka with Connect: set KAFKA_HOME to a Kafka download ({KafkaHomeFolder} has no bin/{KafkaHome.ServerStart} and bin/{ConnectStart})";
        }

        if (!Directory.Exists(PluginsFolder))
        {
            yield return $"no Debezium: set CONNECT_PLUGIN_PATH to a folder with its PostgreSQL connector (there is no {PluginsFolder})";
        }

        if (PostgresBinaries.TryFind() is null)
        {
            yield return "PostgreSQL's server programs are not installed";
        }
    }

    static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? Path.GetFullPath(folder) : null;
}
