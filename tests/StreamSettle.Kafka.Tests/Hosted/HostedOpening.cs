using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>Makes an application that is not started: by the runtime itself or inside of a host.</summary>
delegate StreamsApp HostedOpening(Topology topology, IStreamLog log, StreamsOptions options, ILogger<StreamsApp> logger);
