using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Topology.Names;
using StreamSettle.Topology.Serdes;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// Keeps the global store <c>clock-progress</c>: the last report of the present clock task of each partition. A later start knows by it which tasks were there, so
/// that one that was replaced is passed over then too.
/// </summary>
sealed class ProgressUpdater(ClockProgress progress, FiringGate gate) : IProcessor<int, ClockReport>
{
    readonly PartitionSerde keys = new();
    readonly ClockReportSerde reports = new();
    readonly ByteBuffer key = new();
    readonly ByteBuffer value = new();
    IKeyValueStore kept = null!;

    public void Init(ProcessorContext context)
    {
        kept = context.Store(StoreNames.ClockProgress);
        using var scan = kept.Scan([], []);
        while (scan.MoveNext())
        {
            Take(keys.Read(scan.Key), reports.Read(scan.Value));
        }
    }

    public void Process(scoped in Record<int, ClockReport> record)
    {
        if (Take(record.Key, record.Value))
        {
            key.Clear();
            keys.Write(record.Key, new(key));
            value.Clear();
            reports.Write(record.Value, new(value));
            kept.Put(key.Written, value.Written);
        }

        if (record.Value is ClockReport.Requested { Mark: var mark })
        {
            progress.Request(mark);
        }
        else if (record.Value is ClockReport.Fired { Last: { } last })
        {
            progress.Request(last);
        }
    }

    /// <summary>True when it is the present task's.</summary>
    bool Take(int partition, ClockReport report) => report switch
    {
        ClockReport.Began(var assignment) => progress.Begin(partition, assignment),
        ClockReport.Fired fired => TakeFired(partition, fired),
        ClockReport.Requested => false,
        _ => throw new BrokenInvariantException($"unknown report {report}"),
    };

    bool TakeFired(int partition, ClockReport.Fired fired)
    {
        if (!progress.Fired(partition, fired.Assignment, fired.ProvenEnd, fired.Through))
        {
            return false;
        }

        gate.Reported(partition, fired.ProvenEnd);
        return true;
    }
}
