using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using StreamSettle.App.Access;
using StreamSettle.App.Composition;
using StreamSettle.App.Holds;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/holds</c>: list, show, add, release.</summary>
static class HoldEndpoints
{
    /// <summary>Most holds on a page.</summary>
    const int MaxPage = 1_000;

    /// <summary>Longest reason, in characters.</summary>
    const int MaxReason = 1_000;

    /// <summary>Longest id, in characters.</summary>
    const int MaxId = 64;

    public static void MapHolds(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        var holds = routes.MapGroup("/api/v1/holds");
        holds.MapGet("", (string? scope, bool? all, string? after, int? limit) => List(handle, scope, all ?? false, after, limit))
            .Needs(Role.Viewer).WithName("ListHolds").WithSummary("The holds that stand, the oldest first; with all=true also those that are over, which are kept for 30 days.")
            .Produces<HoldList>().ProducesProblem(StatusCodes.Status400BadRequest);
        holds.MapGet("{id}", (string id) => Show(handle, id))
            .Needs(Role.Viewer).WithName("ShowHold").WithSummary("One hold, as this instance knows it.")
            .Produces<HoldAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        holds.MapPost("", (HoldRequest? asked, HttpContext http) => AddAsync(handle, asked ?? new(null, null), http))
            .Needs(Role.Operator).WithName("AddHold")
            .WithSummary("Keeps everything, a merchant, an order or a downstream back. 200 when every instance goes by it, 202 when it is in the log and some have not confirmed it.")
            .Produces<HoldAnswer>().Produces<HoldAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        holds.MapPost("{id}/release", (string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ReleaseRequest? asked, HttpContext http) => ReleaseAsync(handle, id, asked, http))
            .Needs(Role.Operator).WithName("ReleaseHold").WithSummary("Lets go.")
            .Produces<HoldAnswer>().Produces<HoldAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static IResult List(ServiceHandle handle, string? scope, bool all, string? after, int? limit)
    {
        if (limit is < 1 or > MaxPage)
        {
            return Problems.Wrong($"limit must be from 1 to {MaxPage}, but is {limit}");
        }

        HoldScope? only = null;
        if (scope is not null)
        {
            if (ScopeOf(scope, out var read) is { } problem)
            {
                return Problems.Wrong(problem);
            }

            only = read;
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var (holds, now, most) = (service.Holds.Current, UtcInstant.Now(service.Time), limit ?? 100);
        var first = after is null ? null : holds.Find(after);
        if (after is not null && first is null)
        {
            return Problems.Wrong($"there is no hold '{after}' to go on after");
        }

        var items = holds.All.Where(hold => (all || hold.StandsAt(now)) && (only is null || hold.Scope == only))
            .OrderBy(hold => hold.Since).ThenBy(hold => hold.Id, StringComparer.Ordinal)
            .SkipWhile(hold => first is not null && (hold.Since < first.Since || (hold.Since == first.Since && string.CompareOrdinal(hold.Id, first.Id) <= 0)))
            .Take(most + 1).Select(hold => HoldAnswer.Of(hold, now)).ToList();
        return Results.Json(items.Count > most ? new HoldList(items[..most], items[most - 1].Id) : new(items, null), ApiJson.Default.HoldList);
    }

    static IResult Show(ServiceHandle handle, string id) => handle.Service is not { } service
        ? Problems.Starting()
        : service.Holds.Current.Find(id) is { } hold ? Results.Json(HoldAnswer.Of(hold, UtcInstant.Now(service.Time)), ApiJson.Default.HoldAnswer) : Missing(id);

    static async Task<IResult> AddAsync(ServiceHandle handle, HoldRequest asked, HttpContext http)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var now = UtcInstant.Now(service.Time);
        var time = HoldTime.Read(asked.Until, asked.For, now, out var wrongTime);
        var scope = HoldScope.Everything;
        var problem = (asked.Scope is null ? "scope is missing: everything, merchant:ID, order:ID or downstream:NAME" : ScopeOf(asked.Scope, out scope))
            ?? ReasonProblem(asked.Reason, isNeeded: true) ?? IdProblem(asked.RequestId) ?? wrongTime;
        if (problem is not null)
        {
            return Problems.Wrong(problem);
        }

        var (id, by) = (asked.RequestId ?? service.NewId().ToString("N"), http.User.Identity!.Name!);
        var outcome = await new HoldDesk(service).AddAsync(new(id, scope, asked.Reason!.Trim(), by, now, time.EndFrom(now)), time, http.RequestAborted);
        if (outcome is HoldOutcome.Done { IsNew: true, Hold: var hold })
        {
            LoggerOf(http).Holds(by, hold.Scope.ToString(), hold.Id, hold.Until is { } until ? $" until {until}" : "", FailureText.OneLine(hold.Reason));
        }

        return await AnswerAsync(service, outcome, http);
    }

    static async Task<IResult> ReleaseAsync(ServiceHandle handle, string id, ReleaseRequest? asked, HttpContext http)
    {
        if ((ReasonProblem(asked?.Reason, isNeeded: false) ?? IdProblem(asked?.RequestId)) is { } problem)
        {
            return Problems.Wrong(problem);
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        if (service.Holds.Current.Find(id) is not { } hold)
        {
            return Missing(id);
        }

        var by = http.User.Identity!.Name!;
        var release = new HoldRelease(by, asked?.RequestId ?? service.NewId().ToString("N"), asked?.Reason?.Trim() ?? "", UtcInstant.Now(service.Time));
        var outcome = await new HoldDesk(service).ReleaseAsync(hold, release, http.RequestAborted);
        if (outcome is HoldOutcome.Done { IsNew: true })
        {
            LoggerOf(http).Releases(by, hold.Scope.ToString(), hold.Id, release.Reason.Length > 0 ? $": {FailureText.OneLine(release.Reason)}" : "");
        }

        return await AnswerAsync(service, outcome, http);
    }

    static async Task<IResult> AnswerAsync(SettlementService service, HoldOutcome outcome, HttpContext http)
    {
        switch (outcome)
        {
            case HoldOutcome.Refused refused:
                return Problems.Conflict(refused.Why);
            case HoldOutcome.Done { Hold: var hold }:
                var unconfirmed = await new HoldSpread(service).UnconfirmedAsync(hold, http.Request.Headers.Authorization, http.RequestAborted);
                return Results.Json(
                    HoldAnswer.Of(hold, UtcInstant.Now(service.Time)) with { Unconfirmed = unconfirmed }, ApiJson.Default.HoldAnswer,
                    statusCode: unconfirmed.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
            default:
                throw new BrokenInvariantException($"nobody has said what follows from {outcome}");
        }
    }

    static string? ScopeOf(string text, out HoldScope scope) =>
        HoldScope.TryParse(text, out scope) && (scope.Reach != HoldReach.Downstream || SettlementTopology.Calls.Contains((Leg)scope.Id))
            ? null
            : $"scope must be everything, merchant:ID, order:ID or downstream:NAME with one of {string.Join(", ", SettlementTopology.Calls.Select(leg => leg.Name()))}, but is '{text}'";

    static string? ReasonProblem(string? reason, bool isNeeded) =>
        isNeeded && string.IsNullOrWhiteSpace(reason) ? "reason is missing: it stands in the history of every order that is held"
        : reason?.Length > MaxReason ? $"reason must have at most {MaxReason} characters, but has {reason.Length}" : null;

    static string? IdProblem(string? id) => id is null || (id.Length is > 0 and <= MaxId && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        ? null
        : $"requestId must have 1 to {MaxId} letters, digits, '-', '_' or '.', but is '{id}'";

    static IResult Missing(string id) => Problems.Missing($"There is no hold '{id}'.");

    static ILogger LoggerOf(HttpContext http) => http.RequestServices.GetRequiredService<ILogger<HoldDesk>>();
}
