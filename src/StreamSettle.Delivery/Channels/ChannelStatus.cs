using StreamSettle.Delivery.Breakers;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>How delivery to one system stands, in this process.</summary>
/// <param name="Health">What may go to the system, and what keeps the rest.</param>
/// <param name="At">When this was seen.</param>
public sealed record ChannelStatus(Leg Leg, CallsByState Calls, SeenRates Rates, BudgetUse Budget, ChannelHealth Health, UtcInstant At)
{
    /// <summary>Calls in a request, at most; lower than configured where the system wanted it so.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>What the last failed request said; null before the first.</summary>
    public RequestFailure? LastError { get; init; }

    /// <summary>What the system's errors leave of the traffic to it.</summary>
    public BreakerStatus Breaker { get; init; } = BreakerStatus.Closed;

    /// <summary>How a system that is to work through batches in order broke that, since when one call of a merchant goes to it at a time; null while it was not seen to.</summary>
    public string? OrderBreach { get; init; }

    /// <summary>The system asked for a pause until then, or has no requests left for us; null when not.</summary>
    public UtcInstant? WaitsUntil => Health is ChannelHealth.Waiting { For: var time } ? At + time : null;
}

/// <summary>The calls of a system, by how they stand.</summary>
/// <param name="InFlight">Requests under way.</param>
/// <param name="Waiting">Calls not over that wait for their turn, for room, or for their answer to be committed.</param>
/// <param name="Retrying">Lanes whose first call failed and waits for its time to go again; those behind it are among the waiting ones.</param>
/// <param name="Unknown">Calls that may have happened and are being asked for.</param>
/// <param name="DeadLetters">Calls given up until a person acts.</param>
/// <param name="Invoices">Invoices that were left out of confirmed calls and are to be sent.</param>
public readonly record struct CallsByState(int InFlight, int Waiting, int Retrying, int Unknown, int DeadLetters, int Invoices = 0)
{
    /// <summary>Nothing is to come by itself.</summary>
    public bool IsQuiet => this is { InFlight: 0, Waiting: 0, Retrying: 0, Unknown: 0, Invoices: 0 };
}

/// <summary>How often a system is asked, and how often it fails.</summary>
/// <param name="PerSecond">Requests, over the last ten seconds.</param>
/// <param name="ErrorRatio">Share of requests of the last ten seconds without a good answer, 0 to 1.</param>
/// <param name="WindowErrorRatio">Share of errors of the system among the outcomes of the breaker's window, 0 to 1; null while there are too few to tell.</param>
public readonly record struct SeenRates(double PerSecond, double ErrorRatio, double? WindowErrorRatio);

/// <summary>The tightest limit of a system.</summary>
/// <param name="Limit">Requests a window that this process may make: its partitions' share; null where no limit is known.</param>
/// <param name="Used">Of it.</param>
/// <param name="Total">Requests a window, of all instances together.</param>
public readonly record struct BudgetUse(long? Limit, long Used, long? Total);

/// <summary>A request that failed.</summary>
/// <param name="Text">What was answered, or why nothing was.</param>
public sealed record RequestFailure(string Text, UtcInstant At);
