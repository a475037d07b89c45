using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Kafka;
using Xunit;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>
/// Kafka, Connect and Debezium on this machine: <c>KAFKA_HOME</c>, by default <c>../shared/kafka</c> beside the checkout. Without them, or without PostgreSQL, a test is skipped with the
/// reason, except where CI says that all must be there.
/// </summary>
static class KafkaDownload
{
    /// <returns>The environment by which a program finds them.</returns>
    public static IReadOnlyDictionary<string, string> Require()
    {
        TestPostgres.Require();
        var shared = Path.Combine(Path.GetDirectoryName(Repository.Root)!, "shared");
        try
        {
            var home = KafkaHome.Find(Path.Combine(shared, "kafka"));
            return new Dictionary<string, string> { [KafkaHome.FolderVariable] = home.Folder, [KafkaHome.PluginsVariable] = home.Plugins };
        }
        catch (UserMistakeException missing) when (Environment.GetEnvironmentVariable("CI") != "true" || !Directory.Exists(shared))
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
