using System.Globalization;
using StreamSettle.Kernel.Time;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Kafka.Tests.Hosted;

/// <summary>
/// Orders wait in a store until a wall-clock punctuation finds their mark passed, go through a repartition by their merchant, and are counted there: a running
/// count of each merchant goes out with each order. What fires twice, or never, shows in the counts.
/// </summary>
static class DelayingTopology
{
    public const int Merchants = 10;

    static readonly TimeSpan PunctuationInterval = TimeSpan.FromMilliseconds(50);

    public static Topology Build(string application, string prefix, int partitions) => new TopologyBuilder()
        .AddTextSource("orders-source", prefix + "orders")
        .AddProcessor<string, string>("delay", () => new Delay(), "orders-source")
        .AddStateStore(new StoreSpec("pending"), "delay")
        .AddTextRepartition("due", "delay")
        .AddProcessor<string, string>("total", Total, "due-source")
        .AddStateStore(new StoreSpec("totals"), "total")
        .AddTextSink("fired-sink", prefix + "fired", "total")
        .Build(application, partitions);

    public static string MerchantOf(string order) => $"m{int.Parse(order, CultureInfo.InvariantCulture) % Merchants}";

    static TextProcessor Total()
    {
        IKeyValueStore totals = null!;
        Output<string, string> fired = null!;
        return new(
            context =>
            {
                totals = context.Store("totals");
                fired = context.Output<string, string>("fired-sink");
            },
            (merchant, order, at) =>
            {
                var next = (int.Parse(totals.Get(merchant) ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                totals.Put(merchant, next);
                fired.Send(order, $"{merchant}={next}", at);
            });
    }

    /// <summary>The value of an order is its mark, ms since the epoch.</summary>
    sealed class Delay : IProcessor<string, string>
    {
        readonly TextSerde serde = new();
        IKeyValueStore pending = null!;
        long earliestMs;
        Output<string, string> due = null!;

        public void Init(ProcessorContext context)
        {
            pending = context.Store("pending");
            due = context.Output<string, string>("due");
            context.Schedule(PunctuationInterval, PunctuationType.WallClockTime, Fire);
        }

        public void Process(scoped in Record<string, string> record)
        {
            pending.Put(record.Key, record.Value);
            earliestMs = Math.Min(earliestMs, long.Parse(record.Value, CultureInfo.InvariantCulture));
        }

        void Fire(UtcInstant now)
        {
            if (earliestMs > now.Microseconds / 1000)
            {
                return;
            }

            earliestMs = long.MaxValue;
            using var scan = pending.Scan(default, default);
            while (scan.MoveNext())
            {
                var markMs = long.Parse(serde.Read(scan.Value), CultureInfo.InvariantCulture);
                if (markMs > now.Microseconds / 1000)
                {
                    earliestMs = Math.Min(earliestMs, markMs);
                }
                else
                {
                    var order = serde.Read(scan.Key);
                    pending.Delete(scan.Key);
                    due.Send(MerchantOf(order), order, now.Microseconds / 1000);
                }
            }
        }
    }
}
