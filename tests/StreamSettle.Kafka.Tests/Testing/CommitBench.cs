using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>Transactions of a producer that a test makes, in virtual time and without a broker.</summary>
sealed class CommitBench : IDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("streamsettle-commits-");
    readonly IRecordProducer producer;
    public CommitBench(IRecordProducer producer)
    {
        this.producer = producer;
        var options = new KafkaLogOptions { BootstrapServers = "127.0.0.1:1", ApplicationId = "app", InstanceId = "one", Directory = directory.FullName };
        Copy = LocalCopy.Open(options, Guid.Empty, Time, new TestLog());
        Transaction = new(producer, Copy, options, Time);
    }

    public VirtualTime Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public LogTransaction Transaction { get; }

    public LocalCopy Copy { get; }

    public void Dispose()
    {
        producer.Dispose();
        Copy.Dispose();
        directory.Delete(recursive: true);
    }
}
