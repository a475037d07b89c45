using Marten;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Projections;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>An event log that is written, and projected by as many instances as a test wants.</summary>
sealed class ProjectedLog : IAsyncDisposable
{
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    readonly List<(Projector Projector, CancellationTokenSource Stop, Task Run)> instances = [];
    long next;

    ProjectedLog(AuditOptions options) => (Options, Log) = (options, new(options));

    public AuditOptions Options { get; }

    public MartenEventLog Log { get; }

    public static async Task<ProjectedLog> CreateAsync(PostgresFixture postgres)
    {
        var one = new ProjectedLog(await postgres.NewEventLogAsync());
        await one.Log.RegisterLogAsync(new(EventLog.Sample.Log), CancellationToken.None);
        return one;
    }

    public async Task AppendAsync(params List<(long Order, SettlementEvent Happened)> events)
    {
        await Log.AppendAsync(Batch(next, [.. events]), CancellationToken.None);
        next += events.Count;
    }

    public Projector Start(string projection, Func<ProjectionOptions, ProjectionOptions>? with = null)
    {
        var options = new ProjectionOptions { Audit = Options, Interval = ProjectionOptions.MinInterval, GapPatience = TimeSpan.FromMilliseconds(300) };
        var (projector, stop) = (new Projector(with?.Invoke(options) ?? options, projection, TimeProvider.System), new CancellationTokenSource());
        instances.Add((projector, stop, Task.Run(() => projector.RunAsync(stop.Token))));
        return projector;
    }

    public async Task StopAsync(Projector projector)
    {
        var (_, stop, run) = instances.Single(one => one.Projector == projector);
        await stop.CancelAsync();
        await run;
    }

    /// <summary>Waits until it has every event that the log has now.</summary>
    public async Task WaitForAllAsync(string projection)
    {
        await using var look = new EventLogProjections(Options);
        var last = PostgresFixture.Scalar<long>(Options, "select max(seq_id) from settlement.mt_events");
        bool HasAll() => look.ListAsync(CancellationToken.None).GetAwaiter().GetResult().Single(one => one.Place.Name == projection).Place.Position >= last;
        Assert.True(SpinWait.SpinUntil(HasAll, Bound), $"{projection} did not come to {last} in time: {string.Join("; ", instances.Where(one => one.Projector.Name == projection).Select(one => one.Projector.Status))}");
    }

    public static void WaitFor(Projector projector, Func<ProjectorStatus, bool> condition) =>
        Assert.True(SpinWait.SpinUntil(() => condition(projector.Status), Bound), $"it did not come to that in time: {projector.Status}");

    public DocumentStore Open() => DocumentStore.For(marten =>
    {
        marten.Connection(Options.ConnectionString);
        SettlementEventStore.Configure(marten, Options.Schema);
    });

    /// <summary>All views are what a naive count of these events gives.</summary>
    public async Task AssertViewsAreThoseOfAsync(List<(long Order, SettlementEvent Happened)> log)
    {
        await using var store = Open();
        await using var session = store.QuerySession();
        ViewText.AssertSame(NaiveViews.Orders(log), await session.Query<OrderView>().ToListAsync(), row => row.Id);
        ViewText.AssertSame(NaiveViews.Merchants(log), await session.Query<MerchantDay>().ToListAsync(), row => row.Id);
        ViewText.AssertSame(NaiveViews.Taxes(log), await session.Query<TaxDay>().ToListAsync(), row => row.Id);
        ViewText.AssertSame(NaiveViews.Downstreams(log), await session.Query<DownstreamDay>().ToListAsync(), row => row.Id);
        ViewText.AssertSame(NaiveViews.DeadLetters(log), await session.Query<DeadLetterView>().ToListAsync(), row => row.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (projector, stop, run) in instances)
        {
            await stop.CancelAsync();
            await run;
            await projector.DisposeAsync();
            stop.Dispose();
        }

        await Log.DisposeAsync();
    }
}
