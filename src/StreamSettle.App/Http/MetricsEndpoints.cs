using OpenTelemetry.Metrics;
using StreamSettle.App.Access;

namespace StreamSettle.App.Http;

/// <summary><c>/metrics</c> for Prometheus.</summary>
static class MetricsEndpoints
{
    const string Path = "/metrics";

    public static void AddServiceMetrics(this IServiceCollection services) => services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddMeter("StreamSettle.*").AddRuntimeInstrumentation().AddPrometheusExporter());

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).Needs(Role.Viewer);
}
