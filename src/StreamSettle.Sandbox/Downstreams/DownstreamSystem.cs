using System.Runtime.InteropServices;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Callbacks;
using StreamSettle.Sandbox.Downstreams.Budgets;
using StreamSettle.Sandbox.Downstreams.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>One system: what it knows by key, how it misbehaves, and what it answers. Knows nothing of HTTP but status numbers.</summary>
internal sealed class DownstreamSystem
{
    readonly Lock gate = new();
    readonly Dictionary<string, KnownCall> known = [];
    readonly EffectLog log;
    readonly CallbackSender callbacks;
    readonly TimeProvider time;
    volatile FaultDice dice;
    volatile SlidingBudget? budget;
    long receipts;

    public DownstreamSystem(Leg leg, EffectLog log, CallbackSender callbacks, TimeProvider time)
    {
        (Leg, this.log, this.callbacks, this.time) = (leg, log, callbacks, time);
        dice = new(seed: 1, leg, new(), time);
        foreach (var entry in log.Snapshot().Where(entry => entry.System == leg && entry.Outcome == EffectOutcome.Accepted))
        {
            known[entry.Key] = new(entry.Body) { Receipt = entry.Receipt };
            receipts++;
        }
    }

    public Leg Leg { get; }

    public FaultDice Dice => dice;

    public SlidingBudget? Budget => budget;

    public SystemCounters Counters { get; } = new();

    /// <summary>A budget that stays the same keeps what it counted: a change of faults forgives nothing.</summary>
    public void Apply(int seed, SystemFaults faults)
    {
        var before = dice.Faults;
        dice = new(seed, Leg, faults, time);
        if (budget is null || before.RateLimit != faults.RateLimit || before.RateWindow != faults.RateWindow)
        {
            budget = faults.RateLimit is { } limit ? new(limit, faults.RateWindow, time) : null;
        }
    }

    /// <summary>Takes a call: does it, or meets its fault.</summary>
    /// <param name="body">The bytes exactly as they came.</param>
    /// <param name="json">The same, read; null where they are no JSON.</param>
    public CallAnswer Post(string key, ReadOnlySpan<byte> body, JsonElement? json, UtcInstant arrivedAt, FaultKind fault)
    {
        Counters.Call();
        if (fault != FaultKind.None)
        {
            Counters.Fault();
        }

        lock (gate)
        {
            ref var call = ref CollectionsMarshal.GetValueRefOrAddDefault(known, key, out _);
            if (call is null || (call.Receipt is null && !body.SequenceEqual(call.Body)))
            {
                call = new(body.ToArray());
            }

            var arrival = new Arrival(key, arrivedAt, fault);
            return fault switch
            {
                FaultKind.ErrorNotDone => NotDone(arrival, call, body, new(500, AnswerBody.Error("internal"))),
                FaultKind.ResetBefore => NotDone(arrival, call, body, new(0, [], fault)),
                FaultKind.Unavailable => NotDone(arrival, call, body, new(503, AnswerBody.Error("unavailable"), fault, dice.RetryAfter())),
                FaultKind.TooManyRequests => NotDone(arrival, call, body, new(429, AnswerBody.Error("too_many_requests"), fault, dice.RetryAfter())),
                FaultKind.LateDone => NotDone(arrival, call, body, new(504, AnswerBody.Error("gateway_timeout"), fault)),
                FaultKind.Garbage when dice.Below(2) == 0 => NotDone(arrival, call, body, new(200, AnswerBody.Nonsense(dice.Below(AnswerBody.GarbageCount)), fault)),
                _ => Spoil(Do(arrival, call, body, json), fault),
            };
        }
    }

    /// <summary>An item of a batch behind one of its merchant that is not done: left alone.</summary>
    public CallAnswer NotBegun(string key, ReadOnlySpan<byte> body, UtcInstant arrivedAt)
    {
        lock (gate)
        {
            log.Append(Leg, new(key, arrivedAt, FaultKind.None), EffectOutcome.NotDone, 424, null, body.ToArray());
            return new(424, AnswerBody.Error("behind_one_not_done"));
        }
    }

    /// <summary>Sends an invoice later: the key must be known.</summary>
    public CallAnswer Patch(string key, byte[] body, JsonElement? json, UtcInstant arrivedAt, FaultKind fault)
    {
        lock (gate)
        {
            if (!known.TryGetValue(key, out var call) || call.Receipt is null)
            {
                return new(404, AnswerBody.Error("not_found"));
            }

            if (json is not { ValueKind: JsonValueKind.Object } patch || !patch.TryGetProperty("invoice", out _))
            {
                return new(422, AnswerBody.Error("invalid", "there is no invoice in it"));
            }

            if (fault is FaultKind.ErrorNotDone or FaultKind.ResetBefore or FaultKind.Unavailable or FaultKind.TooManyRequests or FaultKind.LateDone)
            {
                Counters.Fault();
                return fault == FaultKind.ResetBefore ? new(0, [], fault) : new(503, AnswerBody.Error("unavailable"), fault, dice.RetryAfter());
            }

            Counters.Patch();
            log.Append(Leg, new(key, arrivedAt, fault), EffectOutcome.Patched, 200, call.Receipt, body);
            return Spoil(new(200, AnswerBody.Good(Leg, key, call.Receipt)), fault);
        }
    }

    /// <summary>Undoes an effect now; false where there is none.</summary>
    public bool Undo(string key, string reason)
    {
        lock (gate)
        {
            if (!known.TryGetValue(key, out var call) || call.Receipt is null)
            {
                return false;
            }

            callbacks.Undo(Leg, key, call, reason, TimeSpan.Zero);
            return true;
        }
    }

    /// <summary>The recorded answer, or 404.</summary>
    public CallAnswer Get(string key)
    {
        lock (gate)
        {
            return known.TryGetValue(key, out var call) && call.Receipt is { } receipt ? new(200, AnswerBody.Good(Leg, key, receipt)) : new(404, AnswerBody.Error("not_found"));
        }
    }

    CallAnswer NotDone(in Arrival arrival, KnownCall call, ReadOnlySpan<byte> body, CallAnswer answer)
    {
        log.Append(Leg, arrival, EffectOutcome.NotDone, answer.Status, null, BytesOf(call, body));
        return answer;
    }

    CallAnswer Do(in Arrival arrival, KnownCall call, ReadOnlySpan<byte> body, JsonElement? json)
    {
        if (call.Receipt is { } receipt)
        {
            return Again(arrival, call, receipt, body);
        }

        if (Problem(arrival.Key, json) is { } problem)
        {
            Counters.Reject();
            log.Append(Leg, arrival, EffectOutcome.Rejected, 422, null, call.Body);
            return new(422, AnswerBody.Error("invalid", problem));
        }

        call.Receipt = AnswerBody.Receipt(Leg, ++receipts);
        Counters.Accept();
        log.Append(Leg, arrival, EffectOutcome.Accepted, StatusSeen(arrival.Fault, 201), call.Receipt, call.Body);
        if (dice.Returns(arrival.Key))
        {
            callbacks.Undo(Leg, arrival.Key, call, "returned on purpose", dice.Faults.ReturnAfter);
        }

        return new(201, AnswerBody.Good(Leg, arrival.Key, call.Receipt));
    }

    CallAnswer Again(in Arrival arrival, KnownCall call, string receipt, ReadOnlySpan<byte> body)
    {
        if (!body.SequenceEqual(call.Body))
        {
            Counters.Mismatch();
            log.Append(Leg, arrival, EffectOutcome.Mismatch, 409, null, body.ToArray());
            return new(409, AnswerBody.Error("idempotency_mismatch"));
        }

        Counters.Repeat();
        var status = dice.Faults.ConflictOnRepeat ? 409 : 201;
        log.Append(Leg, arrival, EffectOutcome.Repeated, StatusSeen(arrival.Fault, status), receipt, call.Body);
        return new(status, AnswerBody.Good(Leg, arrival.Key, receipt));
    }

    string? Problem(string key, JsonElement? json) =>
        !CallKey.TryParse(key, out var parsed) || parsed.Leg != Leg ? "the key is none of this system's"
        : dice.Rejects(key) ? "refused on purpose"
        : json is { } body ? BodyCheck.Problem(parsed, body)
        : "the body is no JSON";

    CallAnswer Spoil(CallAnswer answer, FaultKind fault) => fault switch
    {
        FaultKind.ErrorButDone => new(500, AnswerBody.Error("internal"), fault),
        FaultKind.Garbage => new(200, AnswerBody.Nonsense(dice.Below(AnswerBody.GarbageCount)), fault),
        FaultKind.TimeoutButDone or FaultKind.ResetAfter => new(0, [], fault),
        _ => answer with { Fault = fault },
    };

    static int StatusSeen(FaultKind fault, int status) => fault switch
    {
        FaultKind.ErrorButDone => 500,
        FaultKind.Garbage => 200,
        FaultKind.TimeoutButDone or FaultKind.ResetAfter => 0,
        _ => status,
    };

    static byte[] BytesOf(KnownCall call, ReadOnlySpan<byte> body) => body.SequenceEqual(call.Body) ? call.Body : body.ToArray();
}
