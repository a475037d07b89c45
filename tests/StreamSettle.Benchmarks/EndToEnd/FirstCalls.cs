using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>From each order's mark to its first call as that comes in at its system.</summary>
sealed class FirstCalls
{
    readonly double[] ascendingMs;

    FirstCalls(double[] ascendingMs) => this.ascendingMs = ascendingMs;

    /// <param name="first">The first order's id; the others follow it.</param>
    /// <exception cref="BrokenInvariantException">An order was not called for.</exception>
    public static FirstCalls Waits(IReadOnlyList<EffectEntry> effects, long first, int orders)
    {
        var waits = new double[orders];
        Array.Fill(waits, double.NaN);
        foreach (var effect in effects)
        {
            // In the order in which they came in: a repeated one is not the first.
            if (effect.System == Leg.Verification && CallKey.TryParse(effect.Key, out var call) && call.Order.Value - first is >= 0 and var at && at < orders && double.IsNaN(waits[at]))
            {
                waits[at] = (effect.ArrivedAt - DueAt(effect.Body)).TotalMilliseconds;
            }
        }

        Array.Sort(waits);
        return orders > 0 && double.IsNaN(waits[0]) ? throw new BrokenInvariantException($"{orders} orders were sold, but {waits.Count(double.IsFinite)} were called for") : new(waits);
    }

    public double PercentileMs(int percent) => Math.Round(ascendingMs[Math.Min(ascendingMs.Length - 1, (int)((long)ascendingMs.Length * percent / 100))]);

    static UtcInstant DueAt(byte[] body)
    {
        using var json = JsonDocument.Parse(body);
        return UtcInstant.Parse(json.RootElement.GetProperty("dueAt").GetString()!);
    }
}
