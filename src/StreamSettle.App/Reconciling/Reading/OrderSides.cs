using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.Audit.Marten;
using StreamSettle.Connectors.Embedded.Comparing;
using StreamSettle.Delivery.Asking;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Reconciling.Reading;

/// <summary>Reads what the three have of orders. The shop first, then the event log, then the systems: what happens meanwhile makes one further down the road know more, and the second look sees it.</summary>
/// <param name="source">Null where the shop is not read.</param>
/// <param name="askers">None where the systems are not asked.</param>
sealed class OrderSides(OrderRows? source, MartenEventLog log, IReadOnlyDictionary<Leg, CallAsker> askers)
{
    long asked;

    public OrderRows? Source => source;

    public MartenEventLog Log => log;

    /// <summary>Calls asked for so far.</summary>
    public long Asked => Interlocked.Read(ref asked);

    public async Task<IReadOnlyList<ComparedOrder>> ByIdAsync(IReadOnlyCollection<OrderId> ids, ComparisonTerms terms, CancellationToken stop)
    {
        IReadOnlyList<OrderRow> rows = source is null || ids.Count == 0 ? [] : await source.ByIdAsync(ids, stop);
        return await OfAsync(ids, rows, terms, stop);
    }

    /// <param name="ids">Of the orders.</param>
    /// <param name="rows">Of those that have one.</param>
    public async Task<IReadOnlyList<ComparedOrder>> OfAsync(IReadOnlyCollection<OrderId> ids, IReadOnlyList<OrderRow> rows, ComparisonTerms terms, CancellationToken stop)
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var byId = rows.ToDictionary(row => row.Id);
        var streams = await log.ReadStreamsAsync(ids, stop);
        var orders = ids.Select(id => new ComparedOrder(
            byId.GetValueOrDefault(id), LoggedOrder.Of(id, streams.TryGetValue(id, out var events) ? events : []), new Dictionary<AskedCall, RecordedCall>()));
        return await Task.WhenAll(orders.Select(order => AskAsync(order, terms, stop)));
    }

    async Task<ComparedOrder> AskAsync(ComparedOrder order, ComparisonTerms terms, CancellationToken stop)
    {
        while (askers.Count > 0 && DownstreamComparison.ToAsk(order, terms) is { Count: > 0 } calls)
        {
            var answers = await Task.WhenAll(calls.Select(call => askers[call.Leg].AskAsync(call.Key, stop)));
            Interlocked.Add(ref asked, answers.Length);
            order = order with { Answers = order.Answers.Concat(calls.Zip(answers, KeyValuePair.Create)).ToDictionary() };
        }

        return order;
    }
}
