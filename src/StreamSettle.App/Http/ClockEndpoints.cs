using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/clock/resume</c>: an operator says that the wall clock is right after a jump.</summary>
static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapPost("/api/v1/clock/resume", (HttpContext http, ILogger<ServiceHandle> logger) => Resume(handle, http.User.Identity!.Name!, logger))
        .Needs(Role.Operator).WithName("ResumeClock")
        .WithSummary("Firing goes on at once after the wall clock jumped, instead of a minute later. Look at the machine's time first: marks fire by it.")
        .Produces<ClockResumedAnswer>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static IResult Resume(ServiceHandle handle, string by, ILogger logger)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        if (service.Clock.Resume() is not { } jump)
        {
            return Problems.Conflict("The wall clock does not hold firing up: nothing is to be resumed.");
        }

        logger.ClockResumed(by, jump.Jump, jump.Since.ToString());
        return Results.Json(new ClockResumedAnswer(by, jump.Since.ToString(), jump.Jump), ApiJson.Default.ClockResumedAnswer);
    }
}
