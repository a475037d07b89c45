using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tests.Runtime;

public class StreamsAppTests : StreamsAppRules
{
    protected override StreamsApp Open(Topology topology, IStreamLog log, StreamsOptions options, ILogger<StreamsApp> logger) => new(topology, log, options, TimeProvider.System, logger);
}
