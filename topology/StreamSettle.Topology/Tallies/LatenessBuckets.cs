using System.Numerics;

namespace StreamSettle.Topology.Tallies;

/// <summary>Logarithmic buckets of milliseconds, four an octave: a percentile is at most a quarter above the truth.</summary>
static class LatenessBuckets
{
    const int PerOctave = 4;

    // 2^31 ms are 24 days: what is later is as late.
    const int Octaves = 31;

    public const int Count = Octaves * PerOctave;

    public static int Of(TimeSpan late)
    {
        var ms = Math.Clamp((long)late.TotalMilliseconds, 0, int.MaxValue);
        if (ms < PerOctave)
        {
            return (int)ms;
        }

        var octave = BitOperations.Log2((ulong)ms);
        var part = (int)(ms >> (octave - 2)) & (PerOctave - 1);
        return Math.Min((octave - 1) * PerOctave + part, Count - 1);
    }

    /// <summary>Upper end of a bucket, ms.</summary>
    public static long EndMs(int bucket) =>
        bucket < PerOctave ? bucket : ((long)(PerOctave + bucket % PerOctave + 1) << (bucket / PerOctave - 1)) - 1;

    /// <summary>The upper end of the bucket that holds the percentile; null without entries.</summary>
    public static long? PercentileMs(ReadOnlySpan<long> buckets, double share)
    {
        long total = 0;
        foreach (var count in buckets)
        {
            total += count;
        }

        var needed = Math.Max(1, (long)Math.Ceiling(total * share));
        for (var (i, seen) = (0, 0L); i < buckets.Length; i++)
        {
            seen += buckets[i];
            if (seen >= needed)
            {
                return EndMs(i);
            }
        }

        return null;
    }
}
