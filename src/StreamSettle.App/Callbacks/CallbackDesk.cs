using System.Diagnostics.Metrics;
using StreamSettle.App.Running;
using StreamSettle.Delivery.Callbacks;
using StreamSettle.Delivery.Options;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Callbacks;

/// <summary>What callbacks of all systems are judged by, and their counts, under the meter <c>StreamSettle.Callbacks</c>. Thread-safe.</summary>
sealed class CallbackDesk : IDisposable
{
    /// <summary>Of callbacks that are refused one is told of in so long: whoever sends them may send many.</summary>
    static readonly TimeSpan TellInterval = TimeSpan.FromMinutes(1);

    readonly Meter meter = new("StreamSettle.Callbacks");
    readonly Counter<long> callbacks;
    readonly Dictionary<Leg, CallbackSecrets> secrets;
    readonly Dictionary<Leg, (UtcInstant Last, long Untold)> refused = [];
    readonly Lock telling = new();
    readonly TimeProvider time;
    readonly ILogger logger;

    /// <exception cref="Kernel.Failures.UserMistakeException">A file of secrets cannot be read.</exception>
    public CallbackDesk(IReadOnlyDictionary<Leg, DownstreamOptions> systems, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);
        secrets = systems.ToDictionary(system => system.Key, system => new CallbackSecrets(system.Value, $"Downstreams:{system.Key}", time, logger));
        callbacks = meter.CreateCounter<long>("streamsettle.callbacks", "{callback}", "Callbacks of systems, by what was made of them");
    }

    /// <summary>The secrets of a system; null where it is none that is called.</summary>
    public CallbackSecrets? Of(Leg leg) => secrets.GetValueOrDefault(leg);

    /// <summary>It is in the log.</summary>
    public void Taken(ReturnedCall call)
    {
        Count(call.Key.Leg, "taken");
        logger.CallbackTaken(call.Key.Leg.Name(), call.Key.ToString(), FailureText.OneLine(call.Reason));
    }

    /// <summary>Nothing is made of it.</summary>
    /// <param name="outcome">One of few.</param>
    public void Refused(Leg leg, string outcome)
    {
        Count(leg, outcome);
        lock (telling)
        {
            var now = UtcInstant.Now(time);
            if (refused.TryGetValue(leg, out var told) && now - told.Last < TellInterval && now >= told.Last)
            {
                refused[leg] = told with { Untold = told.Untold + 1 };
                return;
            }

            refused[leg] = (now, 0);
            logger.CallbackRefused(leg.Name(), outcome, told.Untold);
        }
    }

    public void Dispose() => meter.Dispose();

    void Count(Leg leg, string outcome) => callbacks.Add(1, new("downstream", leg.Name()), new KeyValuePair<string, object?>("outcome", outcome));
}
