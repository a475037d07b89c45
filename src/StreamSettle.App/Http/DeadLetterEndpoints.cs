using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using StreamSettle.App.Access;
using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.DeadLetters;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/dead-letters</c>: list, show, replay, discard.</summary>
static class DeadLetterEndpoints
{
    /// <summary>Most letters on a page.</summary>
    public const int MaxPage = 1_000;

    /// <summary>Longest reason of a discard, in characters.</summary>
    public const int MaxReason = 1_000;

    public static void MapDeadLetters(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        var letters = routes.MapGroup("/api/v1/dead-letters");
        letters.MapGet("", (string? stage, string? reason, long? merchant, long? order, string? after, int? limit) => List(handle, new(stage, reason, merchant, order), after, limit))
            .Needs(Role.Viewer).WithName("ListDeadLetters").WithSummary("What waits for a person, by id; filters are exact, reason by its beginning.")
            .Produces<DeadLetterList>().ProducesProblem(StatusCodes.Status400BadRequest);
        letters.MapGet("{id}", (string id) => Show(handle, id))
            .Needs(Role.Auditor).WithName("ShowDeadLetter").WithSummary("One with its original bytes.")
            .Produces<DeadLetterAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapPost("{id}/replay", (string id, HttpContext http) => ActAsync(handle, id, replay: true, null, http))
            .Needs(Role.Operator).WithName("ReplayDeadLetter").WithSummary("Tries it again under its own key.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        letters.MapPost("{id}/discard", (string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] DiscardRequest? why, HttpContext http) => ActAsync(handle, id, replay: false, why?.Reason, http))
            .Needs(Role.Operator).WithName("DiscardDeadLetter").WithSummary("Gives it up, with a reason that stands in the order's history.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static IResult List(ServiceHandle handle, DeadLetterFilter filter, string? after, int? limit)
    {
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

        if (letter.DiscardedBy is { } by)
        {
            return Problems.Conflict($"A discard of '{id}' by {by} is under way: its system is asked whether it happened. It leaves the list when that is known.");
        }

        var (who, requestId, note) = (http.User.Identity!.Name!, service.NewId().ToString("N"), string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
        OperatorAsk asked = replay ? new OperatorAsk.Replay(who, requestId, note) : new OperatorAsk.Discard(who, requestId, note);
        return await new DeadLetterJudge(service, queue).JudgeAsync(letter, asked, http.RequestAborted) switch
        {
            Judgement.Refused refused => Problems.Conflict(refused.Why),
            Judgement.NotNow notNow => Results.Problem(notNow.Why, statusCode: StatusCodes.Status503ServiceUnavailable),
            Judgement.Granted granted => Accept(service, queue, letter, asked, granted, http.RequestServices.GetRequiredService<ILogger<DeadLetterQueue>>()),
            _ => throw new Kernel.Failures.BrokenInvariantException("a judgement grants, refuses or waits"),
        };
    }

    static IResult Accept(SettlementService service, DeadLetterQueue queue, DeadLetter letter, OperatorAsk asked, Judgement.Granted granted, ILogger logger)
    {
        if (service.Acts.TryBegin(letter, asked) is { } underWay)
        {
            return Problems.Conflict(underWay);
        }

        // Whoever was first may have been done with it while this was judged.
        if (queue.Find(letter.Id) is not { } still || still.Since != letter.Since)
        {
            service.Acts.Withdraw(letter);
            return Problems.Conflict($"'{letter.Id}' has changed meanwhile: look at it again.");
        }

        try
        {
            queue.Act(letter, asked, granted.NeverCalculated);
        }
        catch
        {
            // Nothing of it was written: whoever asks again is not told that it is under way.
            service.Acts.Withdraw(letter);
            throw;
        }

        logger.OperatorActs(asked.By, asked.Action, letter.Id, asked.RequestId, asked.Note is { } why ? $": {FailureText.OneLine(why)}" : "");
        return Results.Json(
            new AcceptedAnswer(asked.RequestId, letter.Id, asked.Action, asked.By, granted.Note), ApiJson.Default.AcceptedAnswer,
            statusCode: StatusCodes.Status202Accepted);
    }

    static IResult Missing(string id) => Problems.Missing($"There is no dead letter '{id}'.");
}
