using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/status</c>: what the dashboard shows.</summary>
static class StatusEndpoints
{
    public static void MapStatus(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapGet("/api/v1/status", (string? scope, HttpRequest request, CancellationToken stop) => AnswerAsync(handle, scope, request, stop))
        .Needs(Role.Viewer).WithName("Status")
        .WithSummary("The service at this moment: counts per stage, lateness, downstreams, event log; of all instances, or with scope=instance of this one.")
        .Produces<StatusAnswer>().ProducesProblem(StatusCodes.Status400BadRequest);

    static async Task<IResult> AnswerAsync(ServiceHandle handle, string? scope, HttpRequest request, CancellationToken stop)
    {
        if (scope is not (null or GroupStatus.OneInstance))
        {
            return Problems.Wrong($"scope must be '{GroupStatus.OneInstance}', or left out for all instances");
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var own = new StatusReader(service, handle).Read();
        return Results.Json(scope is null ? await GroupStatus.CompleteAsync(own, service.Partitions, request.Headers.Authorization, stop) : own, ApiJson.Default.StatusAnswer);
    }
}
