using System.Globalization;
using StreamSettle.App.Reconciling.Comparison;
using StreamSettle.App.Reconciling.Reading;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.App.Reconciling;

/// <summary>
/// Compares the orders of a scope, page by page: memory for a page and for what is suspect, however many orders there are. Reads and asks, nothing else.
/// </summary>
sealed class ReconcileRun(OrderSides sides, ReconcilePlan plan, TimeProvider time)
{
    /// <summary>Most orders that are read at once.</summary>
    public const int PageOrders = 1_000;

    /// <summary>Where systems are asked, which takes its time: so much is done again at most after a comparison was cut off.</summary>
    const int PageAskedOrders = 250;

    /// <summary>Streams that are walked over at once.</summary>
    const int PageStreams = 5_000;

    /// <summary>Pages that wait together for their second look; where nothing is suspect none waits.</summary>
    const int StretchPages = 20;

    readonly ReconcileScope scope = plan.Scope;

    int PageSize => scope.WithDownstreams ? PageAskedOrders : PageOrders;

    /// <param name="from">Where to go on.</param>
    /// <param name="counts">Of what was compared before; they go on.</param>
    public async Task RunAsync(ReconcilePlace from, ReconcileCounts counts, IReconcileOutput output, CancellationToken stop)
    {
        var look = new SecondLook(sides.ByIdAsync, Terms, plan.Options.SecondLook, time);
        var (place, pages, before) = (from, 0, counts.Asked);
        for (var next = from; next is not null;)
        {
            (var orders, next) = await PageAsync(place, stop);
            foreach (var order in orders)
            {
                var terms = Terms();
                counts.Count(OrderComparison.StandingOf(order, terms));
                look.Suspect(order.Log.Id, OrderComparison.Of(order, terms));
            }

            place = next ?? place;
            if (next is null || look.IsEmpty || look.IsFull || ++pages >= StretchPages)
            {
                foreach (var stayed in await look.RunAsync(stop))
                {
                    counts.Count(stayed.Kind);
                    output.Found(stayed);
                }

                (pages, counts.Asked) = (0, before + sides.Asked);
                output.Reached(place, counts);
            }
        }
    }

    ComparisonTerms Terms() => new(UtcInstant.Now(time), plan.Options.LateAfter, scope.WithSource, plan.CompletedSince);

    /// <returns>The next orders, and the place behind them; null at the end.</returns>
    Task<(IReadOnlyList<ComparedOrder> Orders, ReconcilePlace? Next)> PageAsync(ReconcilePlace place, CancellationToken stop) =>
        sides.Source is null || place.InEventLog ? StreamsAsync(place, stop) : RowsAsync(place, stop);

    async Task<(IReadOnlyList<ComparedOrder> Orders, ReconcilePlace? Next)> RowsAsync(ReconcilePlace place, CancellationToken stop)
    {
        OrderId? after = place.After is { } last ? new(long.Parse(last, CultureInfo.InvariantCulture)) : null;
        var rows = await sides.Source!.PageAsync(after, (scope.Period.From, scope.Period.To), (scope.Shard.Index, scope.Shard.Count), PageSize, stop);
        OrderId[] ids = [.. rows.Select(row => row.Id)];
        var orders = await sides.OfAsync(ids, rows, Terms(), stop);
        return (orders, rows.Count < PageSize ? new(true, null) : place with { After = ids[^1].ToString() });
    }

    /// <summary>What the event log has of the period, and was not met along the shop's rows.</summary>
    async Task<(IReadOnlyList<ComparedOrder> Orders, ReconcilePlace? Next)> StreamsAsync(ReconcilePlace place, CancellationToken stop)
    {
        var completions = await sides.Log.ReadCompletionsAsync(place.InEventLog ? place.After : null, PageStreams, stop);
        if (completions.Count == 0)
        {
            return ([], null);
        }

        List<ComparedOrder> orders = [];
        foreach (var ids in completions.Where(IsOfThePeriod).Select(completion => IdOf(completion.Stream)).OfType<OrderId>().Where(scope.Shard.Has).Distinct().Chunk(PageSize))
        {
            var rows = sides.Source is { } source ? await source.ByIdAsync(ids, stop) : [];
            var met = rows.Where(row => row.CompletedAt is { } at && IsIn(at)).Select(row => row.Id).ToHashSet();
            orders.AddRange(await sides.OfAsync([.. ids.Where(id => !met.Contains(id))], [.. rows.Where(row => !met.Contains(row.Id))], Terms(), stop));
        }

        return (orders, new(true, completions[^1].Stream));
    }

    bool IsOfThePeriod((string Stream, string? CompletedAt) completion)
    {
        try
        {
            return completion.CompletedAt is { } text && IsIn(UtcInstant.ParseWritten(text));
        }
        catch (FormatException)
        {
            // The comparison says what is wrong with it.
            return true;
        }
    }

    bool IsIn(UtcInstant at) => at >= scope.Period.From && at < scope.Period.To;

    /// <summary>Null where a stream is none of an order.</summary>
    static OrderId? IdOf(string stream) => long.TryParse(stream, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? new(id) : null;
}
