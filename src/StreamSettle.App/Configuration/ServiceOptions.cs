using StreamSettle.App.Access;
using StreamSettle.App.Reconciling;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Ports;

namespace StreamSettle.App.Configuration;

/// <summary>Everything that <c>run</c> is configured by, read and checked once.</summary>
sealed record ServiceOptions
{
    /// <summary>Prefix of internal topics and the consumer group. Default <c>streamsettle</c>.</summary>
    public required string ApplicationId { get; init; }

    /// <summary>Where topics and stores are.</summary>
    public TransportOptions Transport { get; init; } = new TransportOptions.Embedded();

    /// <summary>How records between our own tasks are written. Default null: as the first start did, which chooses <see cref="InternalFormat.Avro"/> where the shop's changes come in Avro.</summary>
    public InternalFormat? InternalFormat { get; init; }

    /// <summary>Where local state lives.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The local state was lost, and is to be made anew from the event log: <c>run --rebuild</c>. No key of the configuration sets it. Default false.</summary>
    public bool Rebuild { get; init; }

    /// <summary>Partitions of every topic, fixed at the first start. Default 16.</summary>
    public required int Partitions { get; init; }

    /// <summary>Stream threads for clock, settle and deliver; the audit has one of its own. Default: one a core, at most 4.</summary>
    public required int StreamThreads { get; init; }

    public required EmbeddedCdcOptions Source { get; init; }

    public required string AuditConnectionString { get; init; }

    /// <summary>Schema of the event log. Default <c>settlement</c>.</summary>
    public required string AuditSchema { get; init; }

    /// <summary>Facts that may wait for the event log before firing pauses. Default 2,000,000.</summary>
    public required int AuditBacklog { get; init; }

    /// <summary>The master keys of personal data. Default: none, and nothing is encrypted.</summary>
    public KeyRing Keys { get; init; } = KeyRing.None;

    /// <summary>The event log, as whoever opens it takes it.</summary>
    public AuditOptions Audit => new() { ConnectionString = AuditConnectionString, Schema = AuditSchema, Keys = Keys };

    /// <summary>How events are sealed; null where no key is configured: then they are not.</summary>
    public SealOptions? Seal { get; init; }

    /// <summary>Who testifies to seals and splits outside; null where no notary is configured.</summary>
    public NotarySettings? Notary { get; init; }

    /// <summary>Which projections run; by default none.</summary>
    public required ProjectionOptions Projections { get; init; }

    public required string RulesDirectory { get; init; }

    public required IReadOnlyDictionary<Leg, DownstreamOptions> Downstreams { get; init; }

    public required SettlementSettings Settlements { get; init; }

    public required ReconcileOptions Reconcile { get; init; }

    public required AccessKeys Access { get; init; }

    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>The name in the log of a topic of ours: a cluster is shared with other applications, a state directory is not.</summary>
    public string OwnTopic(string name) => Transport is TransportOptions.Kafka ? Topics.Shared(ApplicationId, name) : name;

    /// <summary>A system as the service's calls may use it: without the part of its limit that is left to questions.</summary>
    public DownstreamOptions CallsTo(Leg leg) => ReconcileOptionsReader.Leave(Downstreams[leg], Reconcile);

    /// <summary>Keys that are set and mean something, but not to this release.</summary>
    public IReadOnlyList<string> NotUsed { get; init; } = [];

    /// <summary>What is taken as it is and should be known, a sentence each.</summary>
    public IEnumerable<string> Notes =>
    [
        .. Transport is TransportOptions.Kafka { Host: StreamsHost.Streamiz } ? (IEnumerable<string>)["Kafka:Host is Streamiz: " + StreamizHost.Limits] : [],
        .. Transport is TransportOptions.Kafka { Log.ExactlyOnce: false } ? (IEnumerable<string>)["Kafka:ProcessingGuarantee is AtLeastOnce: after a crash or a fenced instance some orders count twice"] : [],
        .. Downstreams.SelectMany(downstream => downstream.Value.Notes($"Downstreams:{downstream.Key}")),
    ];
}
