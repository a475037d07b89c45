using Npgsql;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Shop;

/// <summary>A shop that lives: it sells orders at a rate, and later refunds, disputes, edits and loses some of them.</summary>
public sealed class SandboxShop
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    readonly ShopOptions options;
    readonly OrderTable table;
    readonly TimeProvider time;
    readonly IProgress<ShopProgress>? progress;
    readonly ShopWorld world;
    readonly FatePlan plan;
    readonly PriorityQueue<OrderEdit, long> toCome = new();
    readonly Dictionary<OrderFate, int> fates = [];
    readonly long startedAt;
    long firstId;
    int created;
    int completed;
    int edited;
    TimeSpan sellingTime;

    SandboxShop(ShopOptions options, OrderTable table, TimeProvider time, IProgress<ShopProgress>? progress)
    {
        (this.options, this.table, this.time, this.progress) = (options, table, time, progress);
        world = new(options);
        plan = new(options, world);
        startedAt = time.GetTimestamp();
    }

    /// <summary>Makes the tables where they are missing, sells, and returns when everything that was to happen has happened, or at cancellation.</summary>
    /// <param name="connectionString">The shop's PostgreSQL.</param>
    /// <exception cref="UserMistakeException">Options out of range, or no connection string.</exception>
    public static async Task<ShopSummary> RunAsync(
        ShopOptions options, string connectionString, TimeProvider time, IProgress<ShopProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (options.Problems("Shop").ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        await using var database = Open(connectionString);
        var shop = new SandboxShop(options, new(database), time, progress);
        try
        {
            await ShopTables.CreateAsync(database, cancellation);
            await shop.LiveAsync(cancellation);
            return shop.Summary(interrupted: false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return shop.Summary(interrupted: true);
        }
    }

    static NpgsqlDataSource Open(string connectionString)
    {
        try
        {
            return NpgsqlDataSource.Create(connectionString);
        }
        catch (ArgumentException mistake)
        {
            throw new UserMistakeException("the connection string of the shop cannot be read. It looks like Host=db;Database=shop;Username=shop.", mistake);
        }
    }

    TimeSpan Elapsed => time.GetElapsedTime(startedAt);

    async Task LiveAsync(CancellationToken cancellation)
    {
        await table.InsertAsync(world.Merchants, cancellation);
        await table.InsertAsync(world.Promoters, cancellation);
        firstId = options.FirstOrderId ?? await table.NextIdAsync(cancellation);
        while (created < options.Orders || toCome.Count > 0)
        {
            var batch = Math.Min(options.BatchSize, Allowed() - created);
            if (batch > 0)
            {
                await SellAsync(batch, cancellation);
                sellingTime = Elapsed;
            }

            var happened = await EditAsync(cancellation);
            progress?.Report(new(created, completed, edited, toCome.Count));
            if (batch <= 0 && !happened)
            {
                await Task.Delay(Tick, time, cancellation);
            }
        }
    }

    int Allowed() => options.RatePerSecond == 0 ? options.Orders : (int)Math.Min(options.Orders, Elapsed.TotalSeconds * options.RatePerSecond + 1);

    async Task SellAsync(int count, CancellationToken cancellation)
    {
        var orders = Enumerable.Range(created, count).Select(i => world.Order(firstId + i)).ToArray();
        var completing = orders.Where(Completes).ToArray();
        if (options.BornCompleted)
        {
            var completedAt = CompletedAt();
            await table.InsertAsync(completing, "COMPLETED", completedAt, cancellation);
            await table.InsertAsync([.. orders.Where(order => !Completes(order))], "CREATED", _ => null, cancellation);
        }
        else
        {
            await table.InsertAsync(orders, "CREATED", _ => null, cancellation);
            var full = orders.Where(order => order.FullLife || order.Fate == OrderFate.NeverCompleted).ToArray();
            await table.AdvanceAsync(full, "PAID", _ => null, cancellation);
            await table.AdvanceAsync([.. full.Where(Completes)], "SHIPPED", _ => null, cancellation);
            await table.AdvanceAsync(completing, "COMPLETED", CompletedAt(), cancellation);
        }

        await table.AdvanceAsync([.. orders.Where(order => order.Fate == OrderFate.CancelledUnpaid)], "CANCELLED", _ => null, cancellation);
        created += count;
        completed += completing.Length;
        Remember(orders);
    }

    void Remember(ShopOrder[] orders)
    {
        var nowUs = Elapsed.Ticks / TimeSpan.TicksPerMicrosecond;
        foreach (var order in orders)
        {
            fates[order.Fate] = fates.GetValueOrDefault(order.Fate) + 1;
            foreach (var edit in plan.After(order, nowUs))
            {
                toCome.Enqueue(edit, edit.AtUs);
            }
        }
    }

    async Task<bool> EditAsync(CancellationToken cancellation)
    {
        var nowUs = Elapsed.Ticks / TimeSpan.TicksPerMicrosecond;
        var due = new List<OrderEdit>();
        var seen = new HashSet<long>();
        // One statement changes a row once: a second change of the same order waits for the next.
        while (due.Count < options.BatchSize && toCome.TryPeek(out var edit, out var atUs) && atUs <= nowUs && seen.Add(edit.OrderId))
        {
            due.Add(toCome.Dequeue());
        }

        await table.EditAsync(due, cancellation);
        edited += due.Count;
        return due.Count > 0;
    }

    static bool Completes(ShopOrder order) => order.Fate is not (OrderFate.NeverCompleted or OrderFate.CancelledUnpaid);

    /// <summary>Instants a microsecond apart, so that marks differ as they do in life.</summary>
    Func<ShopOrder, DateTime?> CompletedAt()
    {
        var ticks = (options.CompletedAt ?? time.GetUtcNow() - options.CompletedAgo).UtcTicks / TimeSpan.TicksPerMicrosecond;
        return order => order.Fate == OrderFate.NoCompletedAt ? null : new DateTime((ticks - (order.Id - firstId) % options.BatchSize) * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
    }

    ShopSummary Summary(bool interrupted) => new(firstId, created, completed, edited, fates, Elapsed, sellingTime, interrupted);
}
