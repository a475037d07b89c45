using System.Globalization;
using System.Threading.Channels;
using StreamSettle.Kernel.Calls;

namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>Draws faults for one system: the n-th draw is the same for the same seed.</summary>
internal sealed class FaultDice
{
    static readonly string[] Absurd = ["soon", "-30", "0", "1.5", "1, 2", "Thu, 01 Jan 1970 00:00:00 GMT", "Sat, 31 Feb 2026 00:00:00 GMT"];

    readonly ulong seed;
    readonly (FaultKind Kind, double Probability)[] kinds;
    readonly HashSet<string> rejectKeys;
    readonly ulong rejectBelow;
    readonly ulong returnBelow;
    readonly TimeProvider time;
    readonly long startedAt;

    // Full while all workers are busy.
    readonly Channel<FaultKind>? workers;
    long draws;

    public FaultDice(int seed, Leg leg, SystemFaults faults, TimeProvider time)
    {
        Faults = faults;
        workers = faults.Workers is { } count ? Channel.CreateBounded<FaultKind>(count) : null;
        this.seed = (ulong)seed << 8 | (byte)leg;
        (this.time, startedAt) = (time, time.GetTimestamp());
        kinds = [.. faults.Dice().Where(fault => fault.Probability > 0)];
        rejectKeys = [.. faults.RejectKeys];
        rejectBelow = (ulong)(faults.RejectShare * (1UL << 53));
        returnBelow = (ulong)(faults.ReturnShare * (1UL << 53));
    }

    public SystemFaults Faults { get; }

    /// <summary>Lets the time pass that an answer takes, and before it what passes until somebody works at the request.</summary>
    public async Task WorkAsync(CancellationToken cancellation)
    {
        await (workers?.Writer.WriteAsync(FaultKind.None, cancellation) ?? ValueTask.CompletedTask);
        try
        {
            await (Faults.Latency > TimeSpan.Zero ? Task.Delay(Faults.Latency, time, cancellation) : Task.CompletedTask);
        }
        finally
        {
            workers?.Reader.TryRead(out _);
        }
    }

    /// <summary>Which fault the next request or item meets.</summary>
    public FaultKind Draw()
    {
        if (Faults.ErrorSwing is { } swing && Random().Unit() < swing.At(time.GetElapsedTime(startedAt)))
        {
            return FaultKind.ErrorNotDone;
        }

        if (kinds.Length == 0)
        {
            return FaultKind.None;
        }

        var at = Random().Unit();
        foreach (var (kind, probability) in kinds)
        {
            if (at < probability)
            {
                return kind;
            }

            at -= probability;
        }

        return FaultKind.None;
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => Random().Below(bound);

    /// <summary>The header that the next 429 or 503 comes with; null: none.</summary>
    public string? RetryAfter() => Faults.RetryAfterStyle switch
    {
        RetryAfterStyle.Missing => null,
        RetryAfterStyle.Absurd => Absurd[Below(Absurd.Length)],
        _ => Math.Max(1, (long)Math.Ceiling(Faults.RetryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Whether the key is refused with 422; the same key always is, as long as the plan is in force.</summary>
    public bool Rejects(string key)
    {
        if (rejectKeys.Contains(key))
        {
            return true;
        }

        return IsAmong(key, seed, rejectBelow);
    }

    /// <summary>Whether the key's effect is undone later; the same key always is.</summary>
    public bool Returns(string key) => IsAmong(key, ~seed, returnBelow);

    static bool IsAmong(string key, ulong seed, ulong below)
    {
        if (below == 0)
        {
            return false;
        }

        var hash = key.Aggregate(14695981039346656037, (sum, letter) => (sum ^ letter) * 1099511628211);
        return new SeededRandom(seed, hash).Next() >> 11 < below;
    }

    /// <summary>The fault that all requests meet now, if a period covers this moment.</summary>
    public FaultKind Period()
    {
        if (Faults.Periods.Count == 0)
        {
            return FaultKind.None;
        }

        var elapsed = time.GetElapsedTime(startedAt);
        return Faults.Periods.FirstOrDefault(period => period.Covers(elapsed))?.Kind ?? FaultKind.None;
    }

    SeededRandom Random() => new(seed, (ulong)Interlocked.Increment(ref draws));
}
