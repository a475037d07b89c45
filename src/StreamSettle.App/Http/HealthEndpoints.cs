using StreamSettle.App.Access;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/health/live</c> and <c>/health/ready</c>: open to all.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        var health = routes.MapGroup("/health").IsOpen();
        Map(health, "live", Live).WithName("Live").WithSummary("The process answers.");
        Map(health, "ready", () => Ready(handle)).WithName("Ready").WithSummary("State is restored and what stood in the source a moment ago is processed; else the reasons.")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Load balancers ask with HEAD.</summary>
    static RouteHandlerBuilder Map(IEndpointRouteBuilder health, string path, Func<IResult> answer)
    {
        health.MapMethods(path, [HttpMethods.Head], answer).ExcludeFromDescription();
        return health.MapGet(path, answer);
    }

    static IResult Live() => Results.Text("live");

    static IResult Ready(ServiceHandle handle)
    {
        var reasons = handle.NotReady();
        return Results.Json(
            new HealthAnswer(reasons.Count == 0 ? "ready" : "not ready", reasons), ApiJson.Default.HealthAnswer,
            statusCode: reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>Whether the service is ready, and why not.</summary>
sealed record HealthAnswer(string Status, IReadOnlyList<string> Reasons);
