namespace StreamSettle.Sandbox;

/// <summary>SplitMix64: small, fast, and the same numbers on every runtime for the same seed and stream.</summary>
internal struct SeededRandom(ulong seed, ulong stream)
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    ulong state = Mix(seed + Golden * (stream + 1));

    public ulong Next()
    {
        state += Golden;
        return Mix(state);
    }

    /// <summary>0 (in) to 1 (out).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(Unit() * bound);

    public bool Chance(double share) => Unit() < share;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>About a normal deviate, within ±3.</summary>
    public double Bell() => 2 * (Unit() + Unit() + Unit() - 1.5);

    static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
