using Microsoft.Extensions.Logging.Abstractions;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Kafka;

namespace StreamSettle.App.Checks;

/// <summary><c>check</c>'s look at the log: beside a service that runs on it, without changing anything.</summary>
sealed class LogLook(ServiceOptions options, TimeProvider time) : IDisposable
{
    EmbeddedLogView? directory;
    KafkaLogView? cluster;

    /// <summary>What the checks that come after these rest on.</summary>
    public StateView State { get; private set; } = new StateView.Unreadable();

    public IEnumerable<StartCheck> Checks()
    {
        if (options.Transport is not TransportOptions.Kafka kafka)
        {
            yield return new("state directory", _ => Task.FromResult(Directory()));
            yield break;
        }

        yield return new("Kafka", _ => Task.FromResult(Cluster(kafka.Log)));
        yield return new("topics", stop => cluster is { } view
            ? KafkaCheck.Of(options, view).Look(stop)
            : Task.FromResult("not looked at: the cluster was not reached"));
    }

    public void Dispose()
    {
        directory?.Dispose();
        cluster?.Dispose();
    }

    string Directory()
    {
        directory = EmbeddedLogView.Open(SettlementService.LogOptions(options));
        State = StateLook.Of(options, directory);
        if (directory is not null)
        {
            KeptNames.Of(options).Compare(options.StateDirectory, directory.ReadMetadata);
        }

        return directory is null ? $"{options.StateDirectory} can be made" : $"{options.StateDirectory} has the identity {directory.Identity}";
    }

    string Cluster(KafkaLogOptions kafka)
    {
        cluster = KafkaLogView.Open(kafka, time, NullLogger.Instance);
        State = StateLook.Of(options, cluster);
        return $"reached at {kafka.BootstrapServers}; application '{kafka.ApplicationId}' {(cluster.HasRun ? "goes on" : "was never started there")}, this instance is '{kafka.InstanceId}'";
    }
}
