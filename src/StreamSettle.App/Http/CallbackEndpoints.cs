using StreamSettle.App.Access;
using StreamSettle.App.Callbacks;
using StreamSettle.App.Composition;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Delivery.Callbacks;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology;
using StreamSettle.Topology.Operators;

namespace StreamSettle.App.Http;

/// <summary>
/// <c>/api/callbacks/SYSTEM</c>: a system tells that it has undone what it had done (contract/downstreams.md, "Callbacks"). Open to all who can sign: the signature says who it is, as a key
/// does elsewhere. Answered well only when it is durable; which order it is about, and what it means there, is for the order's task to say, wherever that runs.
/// </summary>
static class CallbackEndpoints
{
    /// <summary>Of a body: a callback is small.</summary>
    public const int MaxBodyBytes = 16 * 1024;

    public static void MapCallbacks(this IEndpointRouteBuilder routes, ServiceHandle handle) => routes
        .MapPost("/api/callbacks/{downstream}", (string downstream, HttpContext http) => TakeAsync(handle, downstream, http))
        .IsOpen().WithName("TakeCallback")
        .WithSummary("A system has undone a call: {\"key\",\"state\":\"RETURNED\",\"reason\",\"at\"}, signed in X-Signature: t=<epoch s>,v1=<hex HMAC-SHA256 of \"t.body\">, at most 5 minutes ago. The call waits for a person; told again it changes nothing.")
        .Accepts<CallbackRequest>("application/json").Produces<CallbackAnswer>(StatusCodes.Status202Accepted)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static async Task<IResult> TakeAsync(ServiceHandle handle, string downstream, HttpContext http)
    {
        if (LegOf(downstream) is not { } leg)
        {
            return Problems.Missing($"There is no system that is called and named so; there are {string.Join(", ", SettlementTopology.Calls.Select(one => one.Name()))}.");
        }

        if (handle.Service is not { } service)
        {
            return Problems.Starting();
        }

        if (service.Callbacks.Of(leg) is not { Any: true } secrets)
        {
            return Results.Problem($"No callbacks are taken of {leg.Name()}: Downstreams:{leg}:CallbackSecret is not set.", statusCode: StatusCodes.Status403Forbidden);
        }

        if (await ReadAsync(http.Request) is not { } body)
        {
            service.Callbacks.Refused(leg, "too_large");
            return Results.Problem($"A callback has at most {MaxBodyBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        return CallbackSignature.Verify(http.Request.Headers[CallbackSignature.Header], body.Span, secrets, UtcInstant.Now(service.Time)) switch
        {
            SignatureVerdict.Good => await TakeAsync(service, leg, body, http.RequestAborted),
            SignatureVerdict.Stale => Unsigned(service, leg, "stale", $"The signature is not of the last {CallbackSignature.Freshness.TotalMinutes} minutes: sign anew for each request, by a clock that is right."),
            _ => Unsigned(service, leg, "bad_signature", $"{CallbackSignature.Header} is missing or not good."),
        };
    }

    static async Task<IResult> TakeAsync(SettlementService service, Leg leg, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        if (ReturnedCall.Read(body, leg, out var problem) is not { } call)
        {
            service.Callbacks.Refused(leg, "malformed");
            return Problems.Wrong(problem!);
        }

        if (await new NeverCalled(service).IsProvenAsync(call.Key, stop))
        {
            service.Callbacks.Refused(leg, "unknown_key");
            return Problems.Missing($"There is no call {call.Key}.");
        }

        new DeadLetterQueue(service).Ask(call.Key, new OperatorRequest.Returned(call.Key, call.Reason, call.At));
        service.Callbacks.Taken(call);
        return Results.Json(new CallbackAnswer(call.Key.ToString(), "RETURNED"), ApiJson.Default.CallbackAnswer, statusCode: StatusCodes.Status202Accepted);
    }

    static IResult Unsigned(SettlementService service, Leg leg, string outcome, string why)
    {
        service.Callbacks.Refused(leg, outcome);
        return Results.Problem(why, statusCode: StatusCodes.Status401Unauthorized);
    }

    /// <summary>By the name in keys (<c>split</c>, <c>tax-refund</c>) or in the configuration (<c>Split</c>, <c>TaxRefund</c>).</summary>
    static Leg? LegOf(string name) => SettlementTopology.Calls.Cast<Leg?>().FirstOrDefault(leg =>
        leg!.Value.Name().Equals(name, StringComparison.OrdinalIgnoreCase) || leg.Value.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The bytes as they came; null where there are more than may be.</summary>
    static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request)
    {
        var buffer = new byte[MaxBodyBytes + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
        }

        return null;
    }
}
