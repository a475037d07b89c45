using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/health/live</c> and <c>/health/ready</c>: open to all.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        routes.MapGet("/health/live", () => Results.Text("live")).WithName("Live").WithSummary("The process answers.");
        routes.MapGet("/health/ready", () =>
        {
            var reasons = handle.NotReady();
            return Results.Json(
                new HealthAnswer(reasons.Count == 0 ? "ready" : "not ready", reasons), ApiJson.Default.HealthAnswer,
                statusCode: reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).WithName("Ready").WithSummary("State is restored and what stood in the source a moment ago is processed; else the reasons.");
    }
}

/// <summary>Whether the service is ready, and why not.</summary>
sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons);
