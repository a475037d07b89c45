using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten.Projections;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>Does with dictionaries what the projections do with Marten's documents.</summary>
sealed class MemoryViews
{
    public Dictionary<string, OrderView> Orders { get; } = [];

    public Dictionary<string, MerchantDay> Merchants { get; } = [];

    public Dictionary<string, TaxDay> Taxes { get; } = [];

    public Dictionary<string, DownstreamDay> Downstreams { get; } = [];

    public Dictionary<string, DeadLetterView> DeadLetters { get; } = [];

    /// <param name="before">What the log has before the page.</param>
    public void Take(List<(long Order, SettlementEvent Happened)> before, List<(long Order, SettlementEvent Happened)> page)
    {
        var places = page.Where(one => OrderPlace.Asks(one.Happened)).Select(one => one.Order).Distinct().ToDictionary(order => order, _ => new OrderPlace());
        foreach (var (order, happened) in before.Where(one => places.ContainsKey(one.Order) && OrderPlace.Telling.Contains(one.Happened.Kind().Alias())))
        {
            places[order].Take(happened);
        }

        var reports = new Reports(places);
        foreach (var (order, happened) in page)
        {
            var view = Orders.GetValueOrDefault($"{order}") ?? new() { Id = $"{order}", OrderId = order };
            Orders[view.Id] = OrderViewFold.Evolve(view, view.StreamVersion + 1, happened);
            reports.Add(order, happened);
        }

        Store(Merchants, reports.Merchants, row => row.Id);
        Store(Taxes, reports.Taxes, row => row.Id);
        Store(Downstreams, reports.Downstreams, row => row.Id);
        Store(DeadLetters, reports.DeadLetters, row => row.Id);
    }

    static void Store<T>(Dictionary<string, T> table, ReportChanges<T> changes, Func<T, string> id)
        where T : class
    {
        foreach (var row in changes.Apply(changes.Ids.Where(table.ContainsKey).Select(one => table[one]), id))
        {
            table[id(row)] = row;
        }
    }
}
