using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Tests.EventLog;

/// <summary>Events and batches that tests begin from.</summary>
static class Sample
{
    public const string RecordedAt = "2026-11-02T10:00:00.25Z";

    public static readonly Guid Log = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a01");
    public static readonly Guid AnotherLog = new("0b5cb8a2-6f9c-4c53-9a4e-3c1f7f3f0a02");

    public static readonly SourcePartition Partition = new("settlement-events", 0);

    public static SettlementScheduled Scheduled(string cause = "0/16B3748:1") =>
        new(cause, RecordedAt, 7, "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z");

    public static SettlementDue Due(string cause = "due") => new(cause, RecordedAt, "2026-11-02T09:00:00Z");

    public static SettlementCalculated Calculated(string currency = "EUR") => new(
        "calculated", RecordedAt, 7, currency, 12_000, 0, 12_000, "2026-01", true, 0,
        [new("tax:DE", 1_916, "included 19% of 12000"), new("platform", 504, "fee 5% of 10084"), new("merchant:7", 9_580, "what is left")],
        "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z");

    public static DeliveryConfirmed Confirmed(string leg = "split", int n = 0) =>
        new($"42:{leg}:{n}#1", RecordedAt, $"42:{leg}:{n}", leg, n, 1, $"r-{leg}-{n}");

    public static byte[] Record(long order, SettlementEvent happened)
    {
        var buffer = new ByteBuffer();
        EventCodec.Write(new ByteWriter(buffer), new OrderId(order), happened);
        return buffer.Written.ToArray();
    }

    /// <summary>A batch of one partition whose offsets begin at <paramref name="first"/>.</summary>
    public static EventBatch Batch(long first, params (long Order, SettlementEvent Happened)[] events) => Batch(Log, Partition, first, events);

    public static EventBatch Batch(Guid log, SourcePartition source, long first, params (long Order, SettlementEvent Happened)[] events)
    {
        var batch = new EventBatch(log);
        foreach (var (order, happened) in events)
        {
            batch.Add(source, first++, Record(order, happened));
        }

        return batch;
    }
}
