using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using StreamSettle.App.Access;

namespace StreamSettle.App.Http;

/// <summary><c>/metrics</c> for Prometheus.</summary>
static class MetricsEndpoints
{
    const string Path = "/metrics";

    /// <summary>As <c>target_info</c> names it, unless OTEL_SERVICE_NAME says otherwise.</summary>
    const string ServiceName = "streamsettle";

    public static void AddServiceMetrics(this IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource.Clear().AddService(ServiceName, autoGenerateServiceInstanceId: false).AddTelemetrySdk().AddEnvironmentVariableDetector())
        .WithMetrics(metrics => metrics.AddMeter("StreamSettle.*").AddRuntimeInstrumentation().AddPrometheusExporter());

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint(Path).WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).Needs(Role.Viewer);
}
