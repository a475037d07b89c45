namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>A share of requests, or items, that are answered with 500 and not done, which goes up and down evenly.</summary>
/// <param name="From">Least, 0 to 1; where it begins.</param>
/// <param name="To">Most, 0 to 1.</param>
/// <param name="Every">From the least to the most and back.</param>
public sealed record FaultSwing(double From, double To, TimeSpan Every)
{
    /// <param name="elapsed">Since the plan was put in force.</param>
    public double At(TimeSpan elapsed)
    {
        var place = TimeSpan.FromTicks(elapsed.Ticks % Every.Ticks) / Every;
        return From + (To - From) * (place < 0.5 ? 2 * place : 2 - 2 * place);
    }
}
