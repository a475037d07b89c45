using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Payouts;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/forecast</c>: what waits for its payout, how much and when.</summary>
static class ForecastEndpoints
{
    const int MostGroups = 1_000;
    const int SomeGroups = 100;

    public static void MapForecast(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapGet("/api/v1/forecast", (string? scope, int? limit, HttpRequest request, CancellationToken stop) => AnswerAsync(handle, scope, limit ?? SomeGroups, request, stop))
        .Needs(Role.Viewer).WithName("Forecast")
        .WithSummary("Splits that payout terms keep back: sums by the time from which on they may go, and merchants' that wait for a minimum; of all instances, or with scope=instance of this one.")
        .Produces<ForecastAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static async Task<IResult> AnswerAsync(ServiceHandle handle, string? scope, int limit, HttpRequest request, CancellationToken stop)
    {
        if (scope is not (null or GroupStatus.OneInstance))
        {
            return Problems.Wrong($"scope must be '{GroupStatus.OneInstance}', or left out for all instances");
        }

        if (limit is < 1 or > MostGroups)
        {
            return Problems.Wrong($"limit must be from 1 to {MostGroups}, but is {limit}");
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var answer = scope is null ? await GroupForecast.CompleteAsync(service, limit, request.Headers.Authorization, stop) : GroupForecast.Own(service, limit);
        return Results.Json(answer, ApiJson.Default.ForecastAnswer);
    }
}
