using StreamSettle.App.Access;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.App.Scanning;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/scan</c>: the orders' table is read again beside the capture.</summary>
static class ScanEndpoints
{
    const string NotHere =
        "This service cannot scan: the capture inside the service reads the table of orders, which Debezium or an outbox does for it here. With Debezium ask for an incremental snapshot by its signal table (docs/operations.md, \"Orders that were never delivered\").";

    public static void MapScan(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        routes.MapGet("/api/v1/scan", () => With(handle, scan => Task.FromResult(Show(scan))))
            .Needs(Role.Viewer).WithName("Scan").WithSummary("The present scan, or the last one: how far it has come.")
            .Produces<ScanAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapPost("/api/v1/scan/start", (HttpContext http, ScanRequestBody? body, CancellationToken stop) => With(handle, scan => StartAsync(handle, scan, http.User.Identity!.Name!, body ?? new(), stop)))
            .Needs(Role.Operator).WithName("StartScan").WithSummary("Reads the orders' table again and feeds what the capture never delivered. Safe beside it: the position of each row decides.")
            .Produces<ScanAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapPost("/api/v1/scan/stop", (HttpContext http, CancellationToken stop) => With(handle, scan => StopAsync(scan, http.User.Identity!.Name!)))
            .Needs(Role.Operator).WithName("StopScan").WithSummary("Gives the running scan up; what it has read stays.")
            .Produces<ScanAnswer>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static Task<IResult> With(ServiceHandle handle, Func<ScanService, Task<IResult>> act) => handle.Service switch
    {
        null => Task.FromResult(Problems.Starting()),
        { Scan: null } => Task.FromResult(Problems.Conflict(NotHere)),
        { Scan: { } scan } => act(scan),
    };

    static IResult Show(ScanService scan) =>
        scan.State is { } state ? Results.Json(ScanAnswer.Of(state, scan.Waits), ApiJson.Default.ScanAnswer) : Problems.Missing("There was no scan so far.");

    static async Task<IResult> StartAsync(ServiceHandle handle, ScanService scan, string by, ScanRequestBody asked, CancellationToken stop)
    {
        if (!TryRead(asked.From, out var from) || !TryRead(asked.To, out var to))
        {
            return Problems.Wrong("from and to must be instants with Z or offset, such as 2026-11-01T00:00:00Z.");
        }

        if (from >= to)
        {
            return Problems.Wrong($"from must be before to, but {from} is not before {to}.");
        }

        return await scan.BeginAsync(new(handle.Service!.NewId().ToString("N"), by, from, to), stop)
            ? Results.Json(ScanAnswer.Of(scan.State!, scan.Waits), ApiJson.Default.ScanAnswer, statusCode: StatusCodes.Status202Accepted)
            : Problems.Conflict("A scan runs already: GET /api/v1/scan says how far it is; stop it first, or wait.");
    }

    static async Task<IResult> StopAsync(ScanService scan, string by) => await scan.StopAsync(by) ? Show(scan) : Problems.Conflict("No scan runs.");

    static bool TryRead(string? text, out UtcInstant? instant)
    {
        instant = text is not null && UtcInstant.TryParse(text, out var read) ? read : null;
        return text is null || instant is not null;
    }
}
