using StreamSettle.App.Access;
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

    public static void MapDeadLetters(this IEndpointRouteBuilder routes, ServiceHandle handle, AccessGate access)
    {
        var letters = routes.MapGroup("/api/v1/dead-letters");
        letters.MapGet("", (string? stage, string? reason, long? merchant, long? order, string? after, int? limit) => List(handle, new(stage, reason, merchant, order), after, limit))
            .AddEndpointFilter(access.Require(Role.Viewer)).WithName("ListDeadLetters").WithSummary("What waits for a person, by id; filters are exact, reason by its beginning.")
            .Produces<DeadLetterList>().ProducesProblem(StatusCodes.Status400BadRequest);
        letters.MapGet("{id}", (string id) => Show(handle, id))
            .AddEndpointFilter(access.Require(Role.Viewer)).WithName("ShowDeadLetter").WithSummary("One with its original bytes.")
            .Produces<DeadLetterAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapPost("{id}/replay", (string id, HttpContext http) => Act(handle, id, replay: true, http))
            .AddEndpointFilter(access.Require(Role.Operator)).WithName("ReplayDeadLetter").WithSummary("Tries it again under its own key.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound);
        letters.MapPost("{id}/discard", (string id, HttpContext http) => Act(handle, id, replay: false, http))
            .AddEndpointFilter(access.Require(Role.Operator)).WithName("DiscardDeadLetter").WithSummary("Gives it up.")
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static IResult List(ServiceHandle handle, DeadLetterFilter filter, string? after, int? limit)
    {
        if (limit is < 1 or > MaxPage)
        {
            return Results.Problem($"limit must be from 1 to {MaxPage}, but is {limit}", statusCode: StatusCodes.Status400BadRequest);
        }

        if (handle.Service is not { } service)
        {
            return NotStarted();
        }

        var (items, next) = new DeadLetterDesk(service).List(filter, after, limit ?? 100);
        return Results.Json(new DeadLetterList([.. items.Select(letter => Answer(letter, withPayload: false))], next), ApiJson.Default.DeadLetterList);
    }

    static IResult Show(ServiceHandle handle, string id) => handle.Service is not { } service
        ? NotStarted()
        : new DeadLetterDesk(service).Find(id) is { } letter
            ? Results.Json(Answer(letter, withPayload: true), ApiJson.Default.DeadLetterAnswer)
            : Missing(id);

    static IResult Act(ServiceHandle handle, string id, bool replay, HttpContext http)
    {
        if (handle.Service is not { } service)
        {
            return NotStarted();
        }

        var desk = new DeadLetterDesk(service);
        if (desk.Find(id) is not { } letter)
        {
            return Missing(id);
        }

        var by = (string)http.Items[AccessGate.WhoItem]!;
        var requestId = http.TraceIdentifier;
        desk.Act(letter, replay, by, requestId);
        return Results.Json(
            new AcceptedAnswer(requestId, id, replay ? "replay" : "discard", by), ApiJson.Default.AcceptedAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    static IResult NotStarted() => Results.Problem("The service is starting.", statusCode: StatusCodes.Status503ServiceUnavailable);

    static IResult Missing(string id) => Results.Problem($"There is no dead letter '{id}'.", statusCode: StatusCodes.Status404NotFound);

    static DeadLetterAnswer Answer(DeadLetter letter, bool withPayload) => new(
        letter.Id, letter.Stage, letter.OrderId, letter.MerchantId, letter.Reason, letter.Since.ToString(), letter.Attempts, letter.Topic,
        letter.Topic is null ? null : letter.Partition, letter.Topic is null ? null : letter.Offset, withPayload ? PayloadText.Of(letter) : null);
}
