using System.Globalization;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;

namespace StreamSettle.Benchmarks.Calls;

/// <summary>From a call's coming in at the system to the next one of its lane, beyond the latency: both ways over the wire, the answer's commit, and whatever was waited for.</summary>
sealed class NextCalls
{
    readonly List<double> milliseconds = [];

    /// <param name="merchants">Orders of one merchant are so many ids apart.</param>
    /// <param name="first">The first order that counts.</param>
    public static NextCalls Of(IReadOnlyList<EffectEntry> effects, int merchants, long first, TimeSpan latency)
    {
        var next = new NextCalls();
        var before = new Dictionary<long, UtcInstant>();
        foreach (var effect in effects.Where(effect => effect.Outcome == EffectOutcome.Accepted))
        {
            var order = long.Parse(effect.Key.AsSpan(0, effect.Key.IndexOf(':')), CultureInfo.InvariantCulture);
            if (order >= first && before.TryGetValue(order % merchants, out var last))
            {
                next.milliseconds.Add((effect.ArrivedAt - last - latency).TotalMilliseconds);
            }

            before[order % merchants] = effect.ArrivedAt;
        }

        next.milliseconds.Sort();
        return next;
    }

    /// <param name="share">0 to 1.</param>
    /// <returns>0 where no lane had two calls.</returns>
    public double Milliseconds(double share) => milliseconds.Count == 0 ? 0 : Math.Round(milliseconds[Math.Min(milliseconds.Count - 1, (int)(share * milliseconds.Count))], 2);
}
