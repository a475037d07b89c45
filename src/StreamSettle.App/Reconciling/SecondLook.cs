using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reconciling.Reading;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Reconciling;

/// <summary>
/// The service runs while it is compared: what the shop has just committed is not in the event log yet, and what a system has just done is not confirmed. So nothing is told
/// that was not seen twice with a while between. What is new at a second look is looked at once more.
/// </summary>
sealed class SecondLook(OrdersReader read, Func<ComparisonTerms> terms, TimeSpan after, TimeProvider time)
{
    /// <summary>An order that is another one at each of so many looks is told as it is: never taken for fine.</summary>
    const int MostLooks = 4;

    /// <summary>Suspects in hand, so that memory does not grow with what is wrong: so many wait together.</summary>
    const int MostSuspects = 20_000;

    readonly HashSet<OrderId> suspects = [];
    readonly HashSet<(long, DiscrepancyKind, string)> seen = [];
    long lastLook;

    /// <summary>No more are taken before they were looked at again.</summary>
    public bool IsFull => suspects.Count >= MostSuspects;

    public bool IsEmpty => suspects.Count == 0;

    /// <summary>What the first look has found.</summary>
    public void Suspect(OrderId order, IReadOnlyList<Discrepancy> found)
    {
        if (found.Count > 0)
        {
            suspects.Add(order);
            seen.UnionWith(found.Select(one => one.Identity));
            lastLook = time.GetTimestamp();
        }
    }

    /// <summary>Looks again, and once more where something is new.</summary>
    /// <returns>What has stayed.</returns>
    public async Task<IReadOnlyList<Discrepancy>> RunAsync(CancellationToken stop)
    {
        List<Discrepancy> stayed = [];
        for (var look = 2; suspects.Count > 0; look++)
        {
            await WaitAsync(stop);
            var now = terms();
            List<Discrepancy> news = [];
            foreach (var page in suspects.Order().Chunk(ReconcileRun.PageOrders))
            {
                var orders = await read(page, now, stop);
                var found = orders.SelectMany(order => OrderComparison.Of(order, now)).ToLookup(one => look == MostLooks || seen.Contains(one.Identity));
                stayed.AddRange(found[true]);
                news.AddRange(found[false]);
            }

            suspects.Clear();
            var told = stayed.Select(one => one.Identity).ToHashSet();
            seen.ExceptWith(told);
            foreach (var order in news.GroupBy(one => one.OrderId))
            {
                Suspect(new(order.Key), [.. order]);
            }
        }

        seen.Clear();
        return stayed;
    }

    async Task WaitAsync(CancellationToken stop)
    {
        var rest = after - time.GetElapsedTime(lastLook);
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, stop);
        }
    }
}
