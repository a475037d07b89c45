using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/status</c>: what the dashboard shows.</summary>
static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapGet("/api/v1/status", () => handle.Service is { } service
            ? Results.Json(new StatusReader(service, handle).Read(), ApiJson.Default.StatusAnswer)
            : Problems.Starting())
        .Needs(Role.Viewer).WithName("Status").WithSummary("The service at this moment: counts per stage, lateness, downstreams, event log.")
        .Produces<StatusAnswer>();
}
