using System.Diagnostics;
using System.Text;
using Npgsql;
using StreamSettle.Connectors.Debezium;
using StreamSettle.Connectors.Embedded.Completing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>What changes do not tell is read from the rows of a real server, in the bytes that a change would tell.</summary>
public sealed class SourceRowsTests(SourceServer server)
{
    static readonly ChangePosition At = ChangePosition.Streamed(1, 1);

    [Fact]
    public async Task A_zone_that_an_update_left_alone_is_marked_and_read_from_the_row()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Merchant);
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("update merchants set country = 'FR' where merchant_id = 500");
        await capture.CatchUpAsync(shop, "caught up");

        var updated = capture.Records("merchants").Single(record => record.Value?.Contains("\"op\":\"u\"", StringComparison.Ordinal) == true);
        var change = new MerchantChangeSerde().Read(Encoding.UTF8.GetBytes(updated.Value!));
        Assert.Equal((UnsentMerchantColumns.TimeZone, "FR"), (change.Row.Unsent, Encoding.UTF8.GetString(change.Row.Country)));
        using var rows = new SourceRows(Capture.Options(shop), TimeProvider.System);
        var now = rows.AnswerOfMerchant(change.Id.Value, change.Position)!;
        Assert.Equal((LargeValues.Zone, "STANDARD"), (Encoding.UTF8.GetString(now.TimeZone!), Encoding.UTF8.GetString(now.Tier!)));
    }

    [Fact]
    public async Task An_order_is_read_in_the_bytes_that_its_change_tells_and_one_that_is_gone_is_none()
    {
        var shop = await server.NewShopAsync();
        await using var capture = await Capture.StartedAsync(shop, new MemoryLog());
        await shop.ExecuteAsync(LargeValues.Order);
        await shop.ExecuteAsync("insert into orders (order_id, merchant_id, buyer_country, currency, gross_amount, status) values (8, 500, 'DE', 'EUR', 1, 'COMPLETED')");
        await capture.CatchUpAsync(shop, "order");

        using var rows = new SourceRows(Capture.Options(shop), TimeProvider.System);
        var told = new OrderChangeSerde().Read(Encoding.UTF8.GetBytes(capture.Records("orders").Single(record => record.Key!.Contains('7', StringComparison.Ordinal)).Value!)).Row;
        var now = rows.AnswerOfOrder(7, At)!;
        Assert.Equal(told.Invoice, now.Invoice.AsSpan());
        Assert.Equal(told.BuyerCountry, now.BuyerCountry.AsSpan());
        Assert.Equal(told.Currency, now.Currency.AsSpan());
        Assert.Equal((OrderStatus.Paid, null), (now.Status, now.Category));
        var (_, _, _, status, invoice) = rows.AnswerOfOrder(8, At)!;
        Assert.Equal((OrderStatus.Completed, null), (status, invoice));
        Assert.Null(rows.AnswerOfOrder(9, At));
    }

    [Fact]
    public async Task Columns_of_other_names_are_read_by_them_and_what_the_table_has_not_is_null()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Order);
        await shop.ExecuteAsync("alter table orders drop column category; alter table orders rename column invoice to \"the \"\"bill\"; alter table merchants drop column tier");
        await shop.ExecuteAsync("insert into merchants (merchant_id, name, country) values (5, 'five', 'DE')");
        using var rows = new SourceRows(Capture.Options(shop) with { Orders = new() { Invoice = "the \"bill" } }, TimeProvider.System);

        var order = rows.AnswerOfOrder(7, At)!;
        Assert.StartsWith("{\"text\"", Encoding.UTF8.GetString(order.Invoice!), StringComparison.Ordinal);
        Assert.Null(order.Category);
        Assert.Equal("STANDARD", Encoding.UTF8.GetString(rows.AnswerOfMerchant(5, At)!.Tier!));
    }

    [Fact]
    public async Task A_row_that_somebody_locks_away_is_not_waited_for_long_and_comes_when_it_can_be_read()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Order);
        await using var connection = await shop.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("lock table orders in access exclusive mode", connection, transaction))
        {
            await locking.ExecuteNonQueryAsync();
        }

        using var rows = new SourceRows(Capture.Options(shop), TimeProvider.System);
        var waiting = Assert.Throws<EnvironmentFailedException>(() => rows.Order(new(7), At));
        Assert.Equal("a change did not tell all of row 7 of public.orders, and the shop has not answered yet what stands there", waiting.Message);
        await transaction.CommitAsync();
        var since = Stopwatch.GetTimestamp();
        while (!IsRead(rows))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "the row has not come");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_server_that_refuses_us_or_is_away_is_told_and_asked_again()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Order);
        await shop.ExecuteAsync("create role poor_reader login password 'p'");
        var poor = new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Username = "poor_reader", Password = "p" }.ConnectionString;
        using var rows = new SourceRows(Capture.Options(shop) with { ConnectionString = poor }, TimeProvider.System);
        Assert.Contains("permission denied", Assert.Throws<EnvironmentFailedException>(() => rows.AnswerOfOrder(7, At)).Message, StringComparison.Ordinal);
        await shop.ExecuteAsync("grant select on orders to poor_reader");
        Assert.NotNull(rows.AnswerOfOrder(7, At));

        var away = new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Port = 1 }.ConnectionString;
        using var nobody = new SourceRows(Capture.Options(shop) with { ConnectionString = away }, TimeProvider.System);
        Assert.Contains("cannot be reached", Assert.Throws<EnvironmentFailedException>(() => nobody.AnswerOfOrder(7, At)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_one_after_the_other_go_by_one_connection_which_may_be_lost_and_is_closed_when_there_are_no_more()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Order);
        var time = new VirtualTime(TimeProvider.System.GetUtcNow());
        using var rows = new SourceRows(Capture.Options(shop), time);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(rows.AnswerOfOrder(7, ChangePosition.Streamed(i + 1, i + 1)));
        }

        Assert.Equal(1, await SessionsAsync(shop));
        await shop.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'streamsettle-cdc-rows' and datname = current_database()");
        Assert.NotNull(rows.AnswerOfOrder(7, At));
        Assert.Equal(1, await SessionsAsync(shop));

        time.Advance(KeptConnections.IdleFor * 2);
        await HasSessionsAsync(shop, 0);
        Assert.NotNull(rows.AnswerOfOrder(7, At));
    }

    [Fact]
    public async Task Many_at_once_go_by_a_few_connections_and_all_are_answered()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(LargeValues.Order);
        var (most, since) = (0L, Stopwatch.GetTimestamp());
        using (var rows = new SourceRows(Capture.Options(shop), TimeProvider.System))
        {
            // On threads of their own: they wait, and the pool's would be missing for whoever runs beside this.
            var asking = Task.WhenAll(Enumerable.Range(0, 16).Select(first => Task.Factory.StartNew(() => AskEach(first), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            while (!asking.IsCompleted)
            {
                most = Math.Max(most, await SessionsAsync(shop));
            }

            await asking;
            Assert.InRange(Math.Max(most, await SessionsAsync(shop)), 1, KeptConnections.Most);

            void AskEach(int first)
            {
                for (var i = first; i < 400; i += 16)
                {
                    // Whoever is not answered within a second comes again.
                    while (!IsRead(rows, ChangePosition.Streamed(i + 1, i + 1)))
                    {
                        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromMinutes(1), "a row has not come");
                    }
                }
            }
        }

        await HasSessionsAsync(shop, 0);
    }

    [Fact]
    public void An_outbox_has_no_rows_to_be_read()
    {
        using var rows = new SourceRows(new() { ConnectionString = "Host=nowhere.invalid", Outbox = true }, TimeProvider.System);
        Assert.Null(rows.Order(new(7), At));
    }

    static async Task<long> SessionsAsync(SourceDatabase shop) =>
        await shop.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'streamsettle-cdc-rows' and datname = current_database()");

    static async Task HasSessionsAsync(SourceDatabase shop, long expected)
    {
        var since = Stopwatch.GetTimestamp();
        while (await SessionsAsync(shop) != expected)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"there are not {expected} sessions");
        }
    }

    static bool IsRead(SourceRows rows, ChangePosition? at = null)
    {
        try
        {
            return rows.Order(new(7), at ?? At) is not null;
        }
        catch (EnvironmentFailedException)
        {
            return false;
        }
    }
}
