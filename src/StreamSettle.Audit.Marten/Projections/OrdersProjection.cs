using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Keeps a document an order. A page's documents are read and written once each, however many of its events are theirs.</summary>
internal sealed class OrdersProjection : IProjection
{
    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var orders = events.Select(one => one.StreamKey!).Distinct().ToArray();
        var views = (await operations.LoadManyAsync<OrderView>(cancellation, orders)).ToDictionary(view => view.Id, StringComparer.Ordinal);
        foreach (var one in events)
        {
            var id = one.StreamKey!;
            var view = views.TryGetValue(id, out var known) ? known : new() { Id = id, OrderId = EventPages.Order(id) };
            views[id] = EventPages.Named(one, () => OrderViewFold.Evolve(view, one.Version, (SettlementEvent)one.Data));
        }

        operations.Store<OrderView>([.. views.Values]);
    }
}
