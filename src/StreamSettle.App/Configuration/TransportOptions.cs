using System.Net;
using StreamSettle.Connectors.Connect;
using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Streams.Kafka;

namespace StreamSettle.App.Configuration;

/// <summary>Where the topics and the stores are: <c>Transport</c>.</summary>
abstract record TransportOptions
{
    TransportOptions()
    {
    }

    /// <summary>In the state directory; one process.</summary>
    public sealed record Embedded : TransportOptions;

    /// <summary>On a Kafka cluster; the state directory holds this instance's copy of the stores.</summary>
    /// <param name="Log">The section <c>Kafka</c>.</param>
    /// <param name="Connect">Where Debezium is, which brings the shop's changes.</param>
    /// <param name="Registry">Where the schemas are of records in Avro, Debezium's and ours; null where none is configured and none is needed.</param>
    public sealed record Kafka(KafkaLogOptions Log, ConnectOptions Connect, RegistryOptions? Registry) : TransportOptions
    {
        /// <summary>Who runs the stream threads. Default <see cref="StreamsHost.Native"/>.</summary>
        public StreamsHost Host { get; init; }

        /// <summary>How our own schemas are named in the registry. Default <see cref="SubjectStrategy.RecordName"/>.</summary>
        public SubjectStrategy Subjects { get; init; }

        /// <summary>Where the others reach this instance, if nothing else is configured: where it listens, unless that is every address of the machine.</summary>
        public Kafka ListeningAt(string address) => Log.AdvertisedUrl is not null || Uri.TryCreate(address, UriKind.Absolute, out var url) is false || IsEveryAddress(url)
            ? this
            : this with { Log = Log with { AdvertisedUrl = address } };

        static bool IsEveryAddress(Uri url) => IPAddress.TryParse(url.Host.Trim('[', ']'), out var host) && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any));
    }
}
