using System.Globalization;
using Microsoft.AspNetCore.Http;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Calls;

/// <summary>One HTTP request to one system, from the budget to the answer or to the broken connection.</summary>
internal sealed class SystemRequest(DownstreamSystem system, EffectLog log, TimeProvider time, CancellationToken stopping)
{
    const string KeyHeader = "Idempotency-Key";

    /// <param name="rest">What follows the system's path: nothing, <c>:batch</c>, or <c>/{K}</c>, decoded.</param>
    public async Task HandleAsync(HttpContext context, string rest)
    {
        var arrivedAt = UtcInstant.Now(time);
        system.Counters.Request();
        if (await RefusedAsync(context, arrivedAt))
        {
            return;
        }

        await system.Dice.WorkAsync(context.RequestAborted);
        await ((context.Request.Method, rest) switch
        {
            ("POST", "") => PostAsync(context, arrivedAt),
            ("POST", ":batch") => BatchAsync(context, arrivedAt),
            ("GET", _) when rest.StartsWith('/') => GetAsync(context, rest[1..]),
            ("PATCH", _) when rest.StartsWith('/') => PatchAsync(context, rest[1..], arrivedAt),
            _ => AnswerAsync(context, new(404, AnswerBody.Error("no_such_path"))),
        });
    }

    /// <summary>The budget first, then what all requests meet at this time.</summary>
    async Task<bool> RefusedAsync(HttpContext context, UtcInstant arrivedAt)
    {
        if (system.Budget?.Take() is { } state)
        {
            state.Write(context.Response.Headers, system.Dice.Faults.RateLimitStyle, arrivedAt);
            if (state.Exceeded)
            {
                system.Counters.BudgetViolation();
                await AnswerAsync(context, new(429, AnswerBody.Error("too_many_requests"), FaultKind.None, state.ResetSeconds > 0 ? state.ResetSeconds.ToString(CultureInfo.InvariantCulture) : null));
                return true;
            }
        }

        var period = system.Dice.Period();
        if (period == FaultKind.None)
        {
            return false;
        }

        system.Counters.Fault();
        await AnswerAsync(context, WholeRequest(period));
        return true;
    }

    async Task PostAsync(HttpContext context, UtcInstant arrivedAt)
    {
        var key = context.Request.Headers[KeyHeader].ToString();
        using var body = await RequestBytes.ReadAsync(context.Request, context.RequestAborted);
        if (key.Length == 0)
        {
            await AnswerAsync(context, new(400, AnswerBody.Error("idempotency_key_missing")));
            return;
        }

        var answer = system.Post(key, body.Span, body.Json, arrivedAt, system.Dice.Draw());
        if (answer.Fault == FaultKind.LateDone)
        {
            DoLater([(key, body.Span.ToArray())]);
        }

        await AnswerAsync(context, answer);
    }

    async Task BatchAsync(HttpContext context, UtcInstant arrivedAt)
    {
        using var body = await RequestBytes.ReadAsync(context.Request, context.RequestAborted);
        if (system.Dice.Faults.NoBatch)
        {
            await AnswerAsync(context, new(404, AnswerBody.Error("no_such_path")));
            return;
        }

        if (BatchItems.Read(body.Json) is not { } items)
        {
            await AnswerAsync(context, new(400, AnswerBody.Error("invalid", "a batch is {\"items\":[{\"key\":..., \"body\":{...}}]}")));
            return;
        }

        if (items.BreaksContract(system.Dice.Faults.InOrder))
        {
            system.Counters.BatchViolation();
        }

        if (items.Count > system.Dice.Faults.MaxBatch)
        {
            await AnswerAsync(context, new(413, AnswerBody.Error("too_large")));
            return;
        }

        await DoAsync(context, items, arrivedAt, system.Dice.Draw());
    }

    async Task DoAsync(HttpContext context, BatchItems items, UtcInstant arrivedAt, FaultKind fault)
    {
        var answers = items.Post(system, arrivedAt, fault);
        if (fault == FaultKind.LateDone)
        {
            DoLater(items.Copy());
        }

        await AnswerAsync(context, fault is FaultKind.None or FaultKind.Slow or FaultKind.Drip ? new(207, BatchAnswer.Write(items, answers), fault) : Spoilt(fault));
    }

    async Task GetAsync(HttpContext context, string key)
    {
        var fault = system.Dice.Draw();
        await AnswerAsync(context, fault is FaultKind.None or FaultKind.ErrorButDone or FaultKind.LateDone ? system.Get(key)
            : fault is FaultKind.Slow or FaultKind.Drip ? system.Get(key) with { Fault = fault }
            : WholeRequest(fault));
    }

    async Task PatchAsync(HttpContext context, string key, UtcInstant arrivedAt)
    {
        using var body = await RequestBytes.ReadAsync(context.Request, context.RequestAborted);
        var takesInvoices = system.Leg is Kernel.Calls.Leg.Verification or Kernel.Calls.Leg.Tax;
        await AnswerAsync(context, takesInvoices
            ? system.Patch(key, body.Span.ToArray(), body.Json, arrivedAt, system.Dice.Draw())
            : new(405, AnswerBody.Error("no_invoices_here")));
    }

    /// <summary>What a batch says when all of it meets one fault.</summary>
    CallAnswer Spoilt(FaultKind fault) => fault switch
    {
        FaultKind.ErrorButDone => new(500, AnswerBody.Error("internal")),
        FaultKind.LateDone => new(504, AnswerBody.Error("gateway_timeout")),
        FaultKind.TimeoutButDone or FaultKind.ResetAfter => new(0, [], fault),
        _ => WholeRequest(fault),
    };

    CallAnswer WholeRequest(FaultKind fault) => fault switch
    {
        FaultKind.Unauthorized => new(401, AnswerBody.Error("unauthorized")),
        FaultKind.Unavailable => new(503, AnswerBody.Error("unavailable"), fault, system.Dice.RetryAfter()),
        FaultKind.TooManyRequests => new(429, AnswerBody.Error("too_many_requests"), fault, system.Dice.RetryAfter()),
        FaultKind.Garbage => new(200, AnswerBody.Nonsense(system.Dice.Below(AnswerBody.GarbageCount)), fault),
        FaultKind.ResetBefore or FaultKind.ResetAfter or FaultKind.TimeoutButDone => new(0, [], fault),
        _ => new(500, AnswerBody.Error("internal"), fault),
    };

    async Task AnswerAsync(HttpContext context, CallAnswer answer)
    {
        log.Flush();
        if (answer.Fault == FaultKind.TimeoutButDone)
        {
            await HangAsync(context);
        }

        if (answer.Status == 0)
        {
            context.Abort();
            return;
        }

        if (answer.Fault == FaultKind.Slow)
        {
            await Task.Delay(system.Dice.Faults.SlowFor, time, context.RequestAborted);
        }

        context.Response.StatusCode = answer.Status;
        if (answer.RetryAfter is { } retryAfter)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Body.Length;
        await (answer.Fault == FaultKind.Drip ? DripAsync(context, answer.Body) : context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask());
    }

    /// <summary>So slowly that only the whole answer's time tells it from one that is on its way.</summary>
    async Task DripAsync(HttpContext context, byte[] body)
    {
        for (var at = 0; at < body.Length; at++)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(at, 1), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(system.Dice.Faults.SlowFor / body.Length, time, context.RequestAborted);
        }
    }

    async Task HangAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(system.Dice.Faults.HangFor, time, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Does it after the answer has left: to the caller it never arrived, and then it has.</summary>
    void DoLater(IReadOnlyList<(string Key, byte[] Body)> calls) => _ = Task.Delay(system.Dice.Faults.LateBy, time, stopping).ContinueWith(
        _ =>
        {
            foreach (var (key, body) in calls)
            {
                using var json = BatchItems.TryParse(body);
                system.Post(key, body, json?.RootElement, UtcInstant.Now(time), FaultKind.None);
            }

            log.Flush();
        },
        stopping,
        TaskContinuationOptions.OnlyOnRanToCompletion,
        TaskScheduler.Default);
}
