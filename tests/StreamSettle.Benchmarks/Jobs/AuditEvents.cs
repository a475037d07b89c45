using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Benchmarks.Jobs;

/// <summary>The events that benchmarks of the event log write: 500 streams x 8 events a transaction.</summary>
internal static class AuditEvents
{
    public const int StreamsPerBatch = 500;
    public const int EventsPerStream = 8;
    public const int PerBatch = StreamsPerBatch * EventsPerStream;

    /// <param name="firstRound">0 for streams that are new; <see cref="EventsPerStream"/> for more events of the same streams, at offsets behind those of all batches.</param>
    public static void Append(AuditSink sink, int batch, int firstRound = 0)
    {
        var record = new ByteBuffer();
        var offset = ((long)firstRound << 32) + (long)batch * PerBatch;
        foreach (var (order, happened) in Of(batch, firstRound))
        {
            record.Clear();
            EventCodec.Write(new ByteWriter(record), new OrderId(order), happened);
            sink.Add("settlement-events", 0, offset++, record.Written);
        }

        sink.Flush();
    }

    /// <summary>Round by round over the streams, as they come from the topic; bodies of about 300 B.</summary>
    public static IEnumerable<(long Order, SettlementEvent Happened)> Of(int batch, int firstRound = 0)
    {
        const string recordedAt = "2026-11-02T10:00:00.123456Z";
        for (var round = firstRound; round < firstRound + EventsPerStream; round++)
        {
            for (var stream = 0; stream < StreamsPerBatch; stream++)
            {
                var order = (long)batch * StreamsPerBatch + stream;
                var key = $"{order}:commission:{round}";
                yield return (order, new DeliveryConfirmed($"{key}#1", recordedAt, key, "commission", round, 1, new string('r', 140)));
            }
        }
    }
}
