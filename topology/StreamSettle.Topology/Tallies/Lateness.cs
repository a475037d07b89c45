namespace StreamSettle.Topology.Tallies;

/// <summary>A histogram of milliseconds whose buckets grow by an eighth of a power of two: percentiles are right to about 9 %. Thread-safe, without a lock.</summary>
public sealed class Lateness
{
    const int PerOctave = 8;
    const int Buckets = 40 * PerOctave;

    readonly long[] counts = new long[Buckets];

    public void Add(TimeSpan late)
    {
        var ms = Math.Max(1, late.TotalMilliseconds);
        Interlocked.Increment(ref counts[Math.Min(Buckets - 1, (int)(Math.Log2(ms) * PerOctave))]);
    }

    /// <summary>The upper bound of the bucket that the share falls into, ms; null before the first.</summary>
    /// <param name="share">0.5 for the median.</param>
    public long? Percentile(double share)
    {
        var total = counts.Sum();
        if (total == 0)
        {
            return null;
        }

        var rank = (long)Math.Ceiling(total * share);
        long seen = 0;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            seen += Volatile.Read(ref counts[bucket]);
            if (seen >= rank)
            {
                return (long)Math.Ceiling(Math.Pow(2, (bucket + 1.0) / PerOctave));
            }
        }

        return null;
    }
}
