using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using StreamSettle.Audit.Events;

namespace StreamSettle.Audit.Marten.Projections;

/// <summary>Keeps the reports. A row is read and written once a page; what an event does not say itself is read from the events before it, so that no other projection is needed for it.</summary>
internal sealed class ReportsProjection : IProjection
{
    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var reports = new Reports(await PlacesAsync(operations, events, cancellation));
        foreach (var one in events)
        {
            EventPages.Named(one, () =>
            {
                reports.Add(EventPages.Order(one.StreamKey!), (SettlementEvent)one.Data);
                return true;
            });
        }

        await StoreAsync(operations, reports.Merchants, row => row.Id, cancellation);
        await StoreAsync(operations, reports.Taxes, row => row.Id, cancellation);
        await StoreAsync(operations, reports.Downstreams, row => row.Id, cancellation);
        await StoreAsync(operations, reports.DeadLetters, row => row.Id, cancellation);
    }

    /// <summary>Of those orders alone that have something in the page which cannot be counted by itself: there are few.</summary>
    static async Task<Dictionary<long, OrderPlace>> PlacesAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken stop)
    {
        var streams = events.Where(one => OrderPlace.Asks((SettlementEvent)one.Data)).Select(one => one.StreamKey!).Distinct().ToArray();
        var places = streams.ToDictionary(EventPages.Order, _ => new OrderPlace());
        if (streams.Length == 0)
        {
            return places;
        }

        var first = events[0].Sequence;
        var before = await operations.Events.QueryAllRawEvents()
            .Where(one => one.StreamKey!.IsOneOf(streams) && one.Sequence < first && one.EventTypeName.IsOneOf(OrderPlace.Telling))
            .OrderBy(one => one.Sequence).ToListAsync(stop);
        foreach (var one in before)
        {
            places[EventPages.Order(one.StreamKey!)].Take((SettlementEvent)one.Data);
        }

        return places;
    }

    static async Task StoreAsync<T>(IDocumentOperations operations, ReportChanges<T> changes, Func<T, string> id, CancellationToken stop)
        where T : class
    {
        if (changes.Ids is { Length: > 0 } ids)
        {
            operations.Store(changes.Apply(await operations.LoadManyAsync<T>(stop, ids), id));
        }
    }
}
