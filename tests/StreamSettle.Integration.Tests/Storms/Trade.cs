using System.Diagnostics;
using Npgsql;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>A shop that sells all the time, whatever happens to its database; it remembers what it has written and by when that was surely committed.</summary>
sealed class Trade : IAsyncDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    readonly NpgsqlDataSource database;
    readonly TradeTable table;
    readonly SalePlan plan;
    readonly Dictionary<long, Sale> sales = [];
    readonly PriorityQueue<Sale, TimeSpan> toCome = new();
    readonly SemaphoreSlim alone = new(1);
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly CancellationTokenSource over = new();
    readonly Task living;
    volatile bool selling = true;

    public Trade(string connectionString, int seed, TimeSpan delay)
    {
        database = NpgsqlDataSource.Create(connectionString);
        (table, plan) = (new(database, Names), new(seed, delay));
        living = LiveAsync();
    }

    public ShopNames Names { get; } = new();

    /// <summary>To be read when the shop has closed.</summary>
    public IReadOnlyDictionary<long, Sale> Sales => sales;

    /// <summary>Does something to the database between two writes of the shop.</summary>
    public async Task BetweenWritesAsync(Func<Task> act)
    {
        await alone.WaitAsync();
        try
        {
            await act();
        }
        finally
        {
            alone.Release();
        }
    }

    /// <summary>Sells nothing any more, and waits until all that was to happen to orders has happened.</summary>
    public async Task CloseAsync()
    {
        selling = false;
        await living;
    }

    /// <summary>To be called between writes: orders that are completed and stay so, the newest first.</summary>
    public IReadOnlyList<Sale> Lasting(int most) =>
        [.. sales.Values.Where(sale => sale.ToCome.Count == 0 && sale.History is [.., { IsCompleted: true }] && !sale.HasMoved).OrderByDescending(sale => sale.Id).Take(most)];

    /// <summary>To be called between writes: the row has become another order's.</summary>
    public void Move(Sale sale, long to)
    {
        var (last, now) = (sale.History[^1], UtcInstant.Now(TimeProvider.System));
        sale.Became(last with { Status = null }, now);
        var moved = new Sale(to) { MerchantId = sale.MerchantId, Country = sale.Country, Currency = sale.Currency, Shipping = sale.Shipping, HasMoved = true, CompletedAt = sale.CompletedAt };
        moved.Became(last, now);
        sales.Add(to, moved);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await living.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await database.DisposeAsync();
        alone.Dispose();
        over.Dispose();
    }

    async Task LiveAsync()
    {
        using var ticks = new PeriodicTimer(Tick);
        while ((selling || toCome.Count > 0) && await ticks.WaitForNextTickAsync(over.Token))
        {
            if (selling)
            {
                toCome.Enqueue(plan.Next(), clock.Elapsed);
            }

            while (toCome.TryPeek(out _, out var at) && at <= clock.Elapsed)
            {
                await StepAsync(toCome.Dequeue());
            }
        }
    }

    async Task StepAsync(Sale sale)
    {
        await BetweenWritesAsync(async () =>
        {
            var (_, version) = sale.ToCome.Peek();
            sale.CompletedAt ??= version.IsCompleted ? UtcInstant.Now(TimeProvider.System) : null;
            try
            {
                await table.WriteAsync(sale, version);
            }
            catch (Exception away) when (away is NpgsqlException or IOException or TimeoutException)
            {
                toCome.Enqueue(sale, clock.Elapsed + RetryAfter);
                return;
            }

            sale.Became(version, UtcInstant.Now(TimeProvider.System));
            sales[sale.Id] = sale;
            var (before, _) = sale.ToCome.Dequeue();
            if (sale.ToCome.TryPeek(out var next))
            {
                toCome.Enqueue(sale, clock.Elapsed + next.After - before);
            }
        });
    }
}
