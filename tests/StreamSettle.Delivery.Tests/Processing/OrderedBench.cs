using System.Globalization;
using StreamSettle.Delivery.Options;

namespace StreamSettle.Delivery.Tests.Processing;

/// <summary>What tests of ordered batches share: a known system that keeps the order, and lanes that are full when their turn comes.</summary>
static class OrderedBench
{
    public static readonly DownstreamOptions Configured = new()
    {
        BaseUrl = "http://split", BatchSize = 8, BatchOrder = BatchOrder.InOrder, MaxAttempts = 5, RetryBase = TimeSpan.FromSeconds(1), RetryMax = TimeSpan.FromSeconds(10),
    };

    /// <summary>A bench whose system is known and keeps the order.</summary>
    public static DeliveryBench New(DownstreamOptions? options = null)
    {
        var bench = new DeliveryBench(options ?? Configured);
        bench.System.InOrder = true;
        bench.Send(1_000, merchant: 99);
        bench.AdvanceSeconds(1);
        bench.System.Batches.Clear();
        bench.System.Effects.Clear();
        bench.System.Posts.Clear();
        return bench;
    }

    /// <summary>Calls of a merchant that are all there when the one before them is answered.</summary>
    public static void Append(DeliveryBench bench, int first, int count, long merchant = 7)
    {
        var (onBatch, onPost) = (bench.System.OnBatch, bench.System.OnPost);
        bench.System.OnBatch = _ => Reply.Held;
        bench.Append(900 + first, merchant);
        bench.AdvanceSeconds(1);
        for (var order = first; order < first + count; order++)
        {
            bench.Append(order, merchant);
        }

        bench.Run();
        bench.System.OnPost = (_, _) => Reply.Ok;
        bench.System.Release();
        (bench.System.OnBatch, bench.System.OnPost) = (onBatch, onPost);
        bench.System.Batches.Clear();
        bench.System.Effects.RemoveAll(key => OrderOf(key) == 900 + first);
    }

    public static IEnumerable<string> Keys(int first, int count) => Enumerable.Range(first, count).Select(order => $"{order}:split:0");

    public static long OrderOf(string key) => long.Parse(key.Split(':')[0], CultureInfo.InvariantCulture);
}
