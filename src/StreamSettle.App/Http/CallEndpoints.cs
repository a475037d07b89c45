using StreamSettle.App.Access;
using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Settle;

namespace StreamSettle.App.Http;

/// <summary><c>/api/v1/calls/KEY/send-again</c>: a system has lost a call that it had confirmed.</summary>
static class CallEndpoints
{
    const string Action = "sending again";

    public static void MapCalls(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapPost("/api/v1/calls/{key}/send-again", (string key, HttpContext http) => SendAgainAsync(handle, key, http))
        .Needs(Role.Operator).WithName("SendCallAgain")
        .WithSummary("Sends a confirmed call again, under its own key and with its own bytes: to a system that has it that changes nothing, to one that has lost it the call is there again.")
        .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static async Task<IResult> SendAgainAsync(ServiceHandle handle, string text, HttpContext http)
    {
        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        if (!CallKey.TryParse(text, out var key) || !SettlementTopology.Calls.Contains(key.Leg))
        {
            return Problems.Wrong($"'{text}' is no key of a call, such as 42:split:0");
        }

        if (await RefusalAsync(service, key, http.RequestAborted) is { } refusal)
        {
            return Problems.Conflict(refusal);
        }

        var (by, request) = (http.User.Identity!.Name!, service.NewId().ToString("N"));
        new DeadLetterQueue(service).Ask(key, new OperatorRequest.SendAgain(key, by, request));
        http.RequestServices.GetRequiredService<ILogger<DeadLetterQueue>>().OperatorActs(by, Action, key.ToString(), request, "");
        return Results.Json(new AcceptedAnswer(request, key.ToString(), Action, by, null), ApiJson.Default.AcceptedAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    /// <returns>Null where the event log has it confirmed, and the order is still remembered.</returns>
    static async Task<string?> RefusalAsync(SettlementService service, CallKey key, CancellationToken stop)
    {
        var state = SettlementState.Unknown;
        foreach (var stored in await service.EventLog.ReadStreamAsync(key.Order, stop))
        {
            state = SettlementFold.Evolve(state, stored.Event() ?? throw new CorruptStateException($"order {key.Order} has an event '{stored.Type}', which this release does not know"));
        }

        if (state.Settled?.KeyOf(key.Order, key.Leg, key.N) is { } now && now.Returns > key.Returns)
        {
            return $"{key} was returned by its system, and goes by {now} since.";
        }

        var leg = state.Settled?.KeyOf(key.Order, key.Leg, key.N) == key ? state.Settled.LegsOf(key.N)[key.Leg] : LegState.None;
        return leg switch
        {
            LegState.Confirmed when UtcInstant.Now(service.Time) - state.DueAtOf(key.N) >= service.Retention => $"The order of {key} is older than Settlements:Retention: what its call was made of is forgotten. Settle it by hand.",
            LegState.Confirmed => null,
            LegState.DeadLettered or LegState.Returned => $"{key} is a dead letter: replay that.",
            LegState.Deferred => $"{key} waits for its payout: it is sent by itself when its terms say so.",
            LegState.Waiting or LegState.Sent => $"{key} is under way: it is sent by itself.",
            LegState.Discarded => $"{key} was given up by a person.",
            _ => $"The event log has no call {key}.",
        };
    }
}
