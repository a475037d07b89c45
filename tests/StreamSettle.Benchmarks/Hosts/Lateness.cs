namespace StreamSettle.Benchmarks.Hosts;

/// <summary>How late answers were, milliseconds.</summary>
sealed class Lateness
{
    readonly double[] ascending;

    public Lateness(double[] milliseconds) => ascending = [.. milliseconds.Order()];

    public double P50 => At(0.5);

    public double P99 => At(0.99);

    double At(double share) => Math.Round(ascending[(int)(share * (ascending.Length - 1))], 2);
}
