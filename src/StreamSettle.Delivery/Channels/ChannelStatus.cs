using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Channels;

/// <summary>How delivery to one system stands, in this process.</summary>
/// <param name="InFlight">Requests under way.</param>
/// <param name="Waiting">Calls not over that wait for their turn, for room, or for their answer to be committed.</param>
/// <param name="Retrying">Calls that wait for their time to go again.</param>
/// <param name="Unknown">Calls that may have happened and are being asked for.</param>
/// <param name="DeadLetters">Calls given up until a person acts.</param>
/// <param name="RequestsPerSecond">Over the last ten seconds.</param>
/// <param name="ErrorRatio">Share of requests of the last ten seconds without a good answer, 0 to 1.</param>
/// <param name="WindowErrorRatio">Share of errors of the system among the outcomes of the last minute, 0 to 1, as the contract's degraded mode counts them; null while there are fewer than 20.</param>
/// <param name="BudgetLimit">Requests a window of the tightest limit; null where none is known.</param>
/// <param name="BudgetUsed">Of it.</param>
/// <param name="Health">What may go to the system, and what keeps the rest.</param>
/// <param name="At">When this was seen.</param>
/// <param name="BatchSize">Calls in a request, at most; lower than configured where the system wanted it so.</param>
/// <param name="LastError">What the last failed request said; null before the first.</param>
public sealed record ChannelStatus(
    Leg Leg,
    int InFlight,
    int Waiting,
    int Retrying,
    int Unknown,
    int DeadLetters,
    double RequestsPerSecond,
    double ErrorRatio,
    double? WindowErrorRatio,
    long? BudgetLimit,
    long BudgetUsed,
    ChannelHealth Health,
    UtcInstant At,
    int BatchSize,
    string? LastError,
    UtcInstant? LastErrorAt)
{
    /// <summary>The system asked for a pause until then, or has no requests left for us; null when not.</summary>
    public UtcInstant? WaitsUntil => Health is ChannelHealth.Waiting { For: var time } ? At + time : null;
}
