using System.Buffers.Binary;
using System.Diagnostics;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Runtime;

namespace StreamSettle.Benchmarks.Delay;

/// <summary>What one run of the delay job took, on whichever log.</summary>
/// <param name="ProcessorUsPerOrder">Processor time of the whole process, the outside consumer included, µs an order.</param>
sealed record DelayMeasured(int Distinct, double Seconds, double AllocatedPerOrder, double ProcessorUsPerOrder)
{
    /// <summary>How long an outside consumer waits for the next settlement.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the topology until an outside consumer has read a settlement of every order.</summary>
    /// <param name="open">Makes the application, which commits at this interval, whoever hosts it.</param>
    /// <exception cref="BrokenInvariantException">An order has none, or several.</exception>
    public static DelayMeasured Of(IStreamLog log, DelayNames names, int partitions, int orders, Func<TimeSpan, StreamsApp> open)
    {
        using var client = log.OpenClient("counter", "1");
        var counter = new SettlementCounter(client, names.Settlements, orders);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var app = open(CommitInterval);
        app.Start();
        counter.ReadAll(partitions, Patience);
        var measured = new DelayMeasured(
            counter.Distinct, Stopwatch.GetElapsedTime(started).TotalSeconds, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / orders,
            (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / orders);
        app.StopAsync().GetAwaiter().GetResult();
        app.Completion.GetAwaiter().GetResult();
        return counter.Count == orders && counter.Distinct == orders
            ? measured
            : throw new BrokenInvariantException($"{orders} orders gave {counter.Count} settlements of {counter.Distinct} orders");
    }

    /// <summary>What the merchants' totals add up to, once the threads have stopped.</summary>
    public static long TotalsOf(IStreamLog log, int partitions)
    {
        long totals = 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            using var scan = log.OpenCommittedView(DelayTopology.Totals, partition).Scan(default, default);
            while (scan.MoveNext())
            {
                totals += BinaryPrimitives.ReadInt64BigEndian(scan.Value);
            }
        }

        return totals;
    }
}
