using OpenTelemetry.Metrics;
using StreamSettle.App.Access;

namespace StreamSettle.App.Http;

/// <summary><c>/metrics</c> for Prometheus.</summary>
static class MetricsEndpoints
{
    const string Path = "/metrics";

    public static void AddServiceMetrics(this IServiceCollection services) => services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics.AddMeter("StreamSettle.*").AddRuntimeInstrumentation().AddPrometheusExporter());

    public static void MapMetrics(this WebApplication app, AccessGate access)
    {
        app.UseWhen(http => http.Request.Path == Path, branch => branch.Use(async (http, next) =>
        {
            if (access.RoleOf(http) >= Role.Viewer)
            {
                await next(http);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        }));
        app.MapPrometheusScrapingEndpoint(Path);
    }
}
