namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>The machine's time, but for what a test skips of it: a broker knows no virtual time.</summary>
sealed class SkippingTime : TimeProvider
{
    long skipped;

    public void Skip(TimeSpan by) => Interlocked.Add(ref skipped, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref skipped));

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Interlocked.Read(ref skipped) / (double)TimeSpan.TicksPerSecond * System.TimestampFrequency);
}
