namespace StreamSettle.Benchmarks.Seed;

/// <summary>How much was left to do at one moment.</summary>
/// <param name="Seconds">Since the mark.</param>
/// <param name="Verifications">Orders that no verification was accepted of yet.</param>
/// <param name="Splits">Orders that no split was accepted of yet.</param>
readonly record struct BacklogSample(double Seconds, long Verifications, long Splits);
