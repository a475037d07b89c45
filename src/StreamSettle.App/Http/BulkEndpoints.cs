using StreamSettle.App.Access;
using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.DeadLetters;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/dead-letters</c> in bulk: groups by reason, and replays and discards of all that a filter lets.</summary>
static class BulkEndpoints
{
    /// <summary>Most letters of one request: it is one transaction.</summary>
    public const int MostActs = 500;

    const int UsualActs = 100;

    /// <summary>Longest name of a request, in characters: the letter's id and when it came are put behind it.</summary>
    const int MaxRequestId = 64;

    public static void MapBulk(this IEndpointRouteBuilder routes, ServiceHandle handle)
    {
        routes.MapGet("/api/v1/dead-letter-groups", ([AsParameters] DeadLetterQuery query) => Groups(handle, query))
            .Needs(Role.Viewer).WithName("GroupDeadLetters").WithSummary("What waits for a person, by stage and reason, counted.")
            .Produces<DeadLetterGroupList>().ProducesProblem(StatusCodes.Status400BadRequest);
        routes.MapPost("/api/v1/dead-letters", (BulkRequest? asked, HttpContext http) => ActAsync(handle, asked ?? new(null), http))
            .Needs(Role.Operator).WithName("ActOnDeadLetters")
            .WithSummary("Replays or discards up to 500 of the letters that a filter lets, in one transaction; 202 with what was done, what was refused, and where to go on.")
            .Produces<BulkAnswer>(StatusCodes.Status202Accepted).Produces<BulkAnswer>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static IResult Groups(ServiceHandle handle, DeadLetterQuery query)
    {
        var filter = query.Read(out var problem);
        return problem is not null ? Problems.Wrong(problem)
            : handle.Service is not { } service ? Problems.Starting()
            : Results.Json(GroupsOf(new DeadLetterQueue(service), filter), ApiJson.Default.DeadLetterGroupList);
    }

    static async Task<IResult> ActAsync(ServiceHandle handle, BulkRequest asked, HttpContext http)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        var filter = (asked.Filter ?? new()).Read(out var wrongFilter);
        var asOf = UtcInstant.Now(service.Time);
        if ((Problem(asked) ?? wrongFilter ?? (asked.AsOf is null || UtcInstant.TryParse(asked.AsOf, out asOf) ? null : $"asOf must be an instant with Z or offset, but is '{asked.AsOf}'")) is { } problem)
        {
            return Problems.Wrong(problem);
        }

        // What came up to that instant, that instant with it.
        var end = asOf + TimeSpan.FromMicroseconds(1);
        filter = filter with { To = filter.To is { } to && to < end ? to : end };
        var queue = new DeadLetterQueue(service);
        var (by, requestId) = (http.User.Identity!.Name!, asked.RequestId ?? service.NewId().ToString("N"));
        var (letters, next) = queue.List(filter, asked.After, asked.Limit ?? UsualActs);
        var groups = asked.DryRun ? GroupsOf(queue, filter) : null;
        var answer = new BulkAnswer(requestId, asked.Action!, by, asOf.ToString(), groups?.Count ?? queue.Count(filter), 0, [], groups, asked.DryRun ? null : next);
        if (asked.DryRun)
        {
            return Results.Json(answer, ApiJson.Default.BulkAnswer);
        }

        var (done, refused) = await ActAsync(service, queue, letters, letter => AskOf(asked, letter, by, requestId), http);
        return Results.Json(answer with { Done = done, Refused = refused }, ApiJson.Default.BulkAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    static async Task<(int Done, IReadOnlyList<RefusedLetter> Refused)> ActAsync(
        SettlementService service, DeadLetterQueue queue, IReadOnlyList<DeadLetter> letters, Func<DeadLetter, OperatorAsk> ask, HttpContext http)
    {
        var acts = new DeadLetterActs(service, queue, http.RequestServices.GetRequiredService<ILogger<DeadLetterQueue>>());
        List<RefusedLetter> refused = [];
        try
        {
            foreach (var letter in letters)
            {
                switch (await acts.AddAsync(letter, ask(letter), http.RequestAborted))
                {
                    case Judgement.Granted:
                        break;
                    case Judgement.Refused no:
                        refused.Add(new(letter.Id, no.Why));
                        break;
                    case Judgement.NotNow later:
                        refused.Add(new(letter.Id, later.Why));
                        break;
                    case var other:
                        throw new BrokenInvariantException($"nobody has said what follows from {other}");
                }
            }
        }
        catch
        {
            acts.Withdraw();
            throw;
        }

        acts.Write();
        return (letters.Count - refused.Count, refused);
    }

    /// <summary>Named by the letter and by when it came: one that comes back is another, and of one that did not the same request again says the same.</summary>
    static OperatorAsk AskOf(BulkRequest asked, DeadLetter letter, string by, string requestId)
    {
        var (id, note) = ($"{requestId}/{letter.Id}/{letter.Since.Microseconds}", string.IsNullOrWhiteSpace(asked.Reason) ? null : asked.Reason.Trim());
        return asked.Action == OperatorAsk.ReplayAction ? new OperatorAsk.Replay(by, id, note) : new OperatorAsk.Discard(by, id, note);
    }

    static string? Problem(BulkRequest asked) =>
        asked.Action is not (OperatorAsk.ReplayAction or OperatorAsk.DiscardAction) ? $"action must be {OperatorAsk.ReplayAction} or {OperatorAsk.DiscardAction}, but is '{asked.Action}'"
        : asked.Filter is null or { IsAll: true } && !asked.All ? "the filter names nothing: say what is meant, or all=true"
        : asked.Limit is < 1 or > MostActs ? $"limit must be from 1 to {MostActs}, but is {asked.Limit}"
        : asked.Reason?.Length > DeadLetterEndpoints.MaxReason ? $"reason must have at most {DeadLetterEndpoints.MaxReason} characters, but has {asked.Reason.Length}"
        : asked.Action == OperatorAsk.DiscardAction && string.IsNullOrWhiteSpace(asked.Reason) ? "reason is missing: it stands in the history of every order whose letter is discarded"
        : asked.RequestId is { Length: 0 or > MaxRequestId } ? $"requestId must have 1 to {MaxRequestId} characters, but has {asked.RequestId.Length}"
        : null;

    static DeadLetterGroupList GroupsOf(DeadLetterQueue queue, DeadLetterFilter filter)
    {
        var groups = new DeadLetterGroups();
        queue.Visit(filter, groups.Add);
        return new(groups.Count, groups.Groups, groups.Others);
    }
}
