using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using StreamSettle.App.Access;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/dead-letters</c>: list, show, replay, discard.</summary>
static class DeadLetterEndpoints
{
    /// <summary>Most letters on a page.</summary>
    public const int MaxPage = 1_000;

    /// <summary>Longest reason of a replay or discard, in characters.</summary>
    public const int MaxReason = 1_000;

    public static void MapDeadLetters(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        var letters = routes.MapGroup("/api/v1/dead-letters");
        letters.MapGet("", ([AsParameters] DeadLetterQuery query, string? after, int? limit) => List(handle, query, after, limit))
            .Needs(Role.Viewer).WithName("ListDeadLetters").WithSummary("What waits for a person, by id; filters are exact, reason by its beginning, from and to by since when it waits.")
            .Produces<DeadLetterList>().ProducesProblem(StatusCodes.Status400BadRequest);
        letters.MapGet("{id}", (string id) => Show(handle, id))
            .Needs(Role.Auditor).WithName("ShowDeadLetter").WithSummary("One with its original bytes.")
            .Produces<DeadLetterAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapPost("{id}/replay", (string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ActRequest? why, HttpContext http) => ActAsync(handle, id, replay: true, why?.Reason, http))
            .Needs(Role.Operator).WithName("ReplayDeadLetter").WithSummary("Tries it again under its own key; a reason stands in the order's history.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        letters.MapPost("{id}/discard", (string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ActRequest? why, HttpContext http) => ActAsync(handle, id, replay: false, why?.Reason, http))
            .Needs(Role.Operator).WithName("DiscardDeadLetter").WithSummary("Gives it up, with a reason that stands in the order's history.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static IResult List(ServiceHandle handle, DeadLetterQuery query, string? after, int? limit)
    {
        var filter = query.Read(out var problem);
        if (problem is not null)
        {
            return Problems.Wrong(problem);
        }

        if (limit is < 1 or > MaxPage)
        {
            return Problems.Wrong($"limit must be from 1 to {MaxPage}, but is {limit}");
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var (items, next) = new DeadLetterQueue(service).List(filter, after, limit ?? 100);
        return Results.Json(new DeadLetterList([.. items.Select(letter => DeadLetterAnswer.Of(letter, withPayload: false))], next), ApiJson.Default.DeadLetterList);
    }

    static IResult Show(ServiceHandle handle, string id) => handle.Service is not { } service
        ? Problems.Starting()
        : new DeadLetterQueue(service).Find(id) is { } letter
            ? Results.Json(DeadLetterAnswer.Of(letter, withPayload: true), ApiJson.Default.DeadLetterAnswer)
            : Missing(id);

    static async Task<IResult> ActAsync(ServiceHandle handle, string id, bool replay, string? reason, HttpContext http)
    {
        if (reason?.Length > MaxReason)
        {
            return Problems.Wrong($"reason must have at most {MaxReason} characters, but has {reason.Length}");
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var queue = new DeadLetterQueue(service);
        if (queue.Find(id) is not { } letter)
        {
            return Missing(id);
        }

        var (who, requestId, note) = (http.User.Identity!.Name!, service.NewId().ToString("N"), string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
        OperatorAsk asked = replay ? new OperatorAsk.Replay(who, requestId, note) : new OperatorAsk.Discard(who, requestId, note);
        var acts = new DeadLetterActs(service, queue, http.RequestServices.GetRequiredService<ILogger<DeadLetterQueue>>());
        switch (await acts.AddAsync(letter, asked, http.RequestAborted))
        {
            case Judgement.Refused refused:
                return Problems.Conflict(refused.Why);
            case Judgement.NotNow notNow:
                return Results.Problem(notNow.Why, statusCode: StatusCodes.Status503ServiceUnavailable);
            case Judgement.Granted granted:
                acts.Write();
                return Results.Json(
                    new AcceptedAnswer(asked.RequestId, letter.Id, asked.Action, asked.By, granted.Note), ApiJson.Default.AcceptedAnswer, statusCode: StatusCodes.Status202Accepted);
            default:
                throw new Kernel.Failures.BrokenInvariantException("a judgement grants, refuses or waits");
        }
    }

    static IResult Missing(string id) => Problems.Missing($"There is no dead letter '{id}'.");
}
