using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;
using StreamSettle.Streams.Streamiz;
using StreamSettle.Streams.Tests.Runtime;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streamiz.Tests;

/// <summary>The runtime's own rules, with Streamiz as host.</summary>
public class StreamizAppTests : StreamsAppRules
{
    protected override StreamsApp Open(Topology topology, IStreamLog log, StreamsOptions options, ILogger<StreamsApp> logger) =>
        StreamizHost.Open(topology, log, options, TimeProvider.System, new OneLogger(logger));
}
