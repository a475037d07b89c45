using System.Diagnostics;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>The source is altered while it is followed, or while nobody looks, and mended again.</summary>
public sealed class DriftTests(SourceServer server)
{
    const string Orders = """
        insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,category)
        select i,5,'US','USD',100,'COMPLETED','books' from generate_series(1,3) i
        """;

    const string Publish = "create publication streamsettle for table orders, merchants, promoters";

    /// <summary>What breaks it, what then happens that is not told or told wrongly, and what mends it.</summary>
    public static TheoryData<string, string, string> Drifts { get; } = new()
    {
        {
            "alter table orders rename refunded_amount to refunded", "update orders set refunded = 60 where order_id = 1", "alter table orders rename refunded to refunded_amount"
        },
        {
            "alter table orders alter order_id type text", "update orders set status = 'CANCELLED' where order_id = '1'",
            "alter table orders alter order_id type bigint using order_id::bigint"
        },
        {
            "alter table orders alter refunded_amount drop default, alter refunded_amount type text", "update orders set refunded_amount = '60.0000' where order_id = 1",
            "alter table orders alter refunded_amount type numeric(20,4) using refunded_amount::numeric(20,4)"
        },
        {
            "alter table orders drop column refunded_amount", "delete from orders where order_id = 1",
            "alter table orders add column refunded_amount numeric(20,4) not null default 7"
        },
        {
            "alter table orders drop column refunded_amount, add column refunded_amount numeric(20,4) generated always as (gross_amount * 0.6) stored", "select 1",
            "alter table orders alter refunded_amount drop expression"
        },
        {
            "alter table orders rename to old_orders; create table orders (like old_orders including all); alter table orders replica identity full",
            "insert into orders select * from old_orders where order_id > 1; update orders set status = 'CANCELLED'",
            "alter publication streamsettle set table orders, merchants, promoters"
        },
        { "alter table orders rename to old_orders", "update old_orders set status = 'CANCELLED' where order_id = 1", "alter table old_orders rename to orders" },
        {
            "alter publication streamsettle drop table orders", "update orders set status = 'CANCELLED' where order_id = 1; delete from orders where order_id = 2",
            "alter publication streamsettle add table orders"
        },
        { "drop publication streamsettle", "update orders set status = 'CANCELLED' where order_id = 1; delete from orders where order_id = 2", Publish },
        {
            "alter publication streamsettle set (publish = 'insert')", "update orders set status = 'CANCELLED' where order_id = 1",
            "alter publication streamsettle set (publish = 'insert,update,delete,truncate')"
        },
        {
            "alter publication streamsettle set table orders where (order_id > 1), merchants, promoters", "update orders set status = 'CANCELLED' where order_id = 1",
            "alter publication streamsettle set table orders, merchants, promoters"
        },
        {
            "alter table orders replica identity default", "update orders set status = 'CANCELLED' where order_id = 1; delete from orders where order_id = 2",
            "alter table orders replica identity full"
        },
        {
            "alter type order_status rename value 'COMPLETED' to 'DONE'", "update orders set refunded_amount = 60",
            "alter type order_status rename value 'DONE' to 'COMPLETED'"
        },
        {
            "create table more_orders () inherits (orders)", "insert into more_orders select * from orders where order_id = 1; delete from only orders where order_id = 1",
            "insert into orders select * from more_orders; drop table more_orders"
        },
        { "alter table orders rename category to kind", "update orders set kind = 'food' where order_id = 1", "alter table orders rename kind to category" },
        { "alter table orders drop column promoter_id", "update orders set gross_amount = 7 where order_id = 1", "alter table orders add column promoter_id bigint" },
        { "alter table merchants rename tier to level", "update merchants set level = 'KA'", "alter table merchants rename level to tier" },
        { "alter table promoters rename parent_id to above", "update promoters set above = null", "alter table promoters rename above to parent_id" },
    };

    [Theory]
    [MemberData(nameof(Drifts))]
    public async Task While_it_is_not_as_it_must_be_nothing_is_told_to_be_read_and_afterwards_all_is_known(string broken, string meanwhile, string mended)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        await using var capture = await StartAsync(shop, new MemoryLog());
        await shop.ExecuteAsync(broken);
        var since = Stopwatch.GetTimestamp();
        await shop.ExecuteAsync(meanwhile);
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit);
        await capture.UntilAsync(() => Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(capture.ReadPoints(), point => point.At > since);

        await shop.ExecuteAsync(mended);
        await KnowsAllAsync(shop, capture);
        await shop.ExecuteAsync("update orders set gross_amount = gross_amount + 1");
        await KnowsAllAsync(shop, capture);
        await shop.ExecuteAsync("truncate orders");
        await KnowsAllAsync(shop, capture);
        Assert.False(capture.Running.IsCompleted);
    }

    [Fact]
    public async Task A_table_that_is_exchanged_in_one_go_is_read_again()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        await using var capture = await StartAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("""
            begin;
            alter table orders rename to old_orders; create table orders (like old_orders including all); alter table orders replica identity full;
            alter publication streamsettle set table orders, merchants, promoters;
            commit;
            """);
        await shop.ExecuteAsync("insert into orders select * from old_orders where order_id = 2");
        await KnowsAllAsync(shop, capture);
        Assert.Contains(capture.Statuses, status => status is CdcStatus.Altered);
        Assert.DoesNotContain(capture.Statuses, status => status is CdcStatus.Unfit);
    }

    [Fact]
    public async Task A_column_that_the_shop_never_had_reads_as_null_until_it_has_it_and_may_not_go_again()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync($"{Orders}; alter table orders drop column category");
        var log = new MemoryLog();
        await using (var capture = await StartAsync(shop, log))
        {
            await shop.ExecuteAsync("alter table orders add column category text; update orders set category = 'toys'");
            await KnowsAllAsync(shop, capture);
        }

        await shop.ExecuteAsync("alter table orders drop column category");
        await using var refused = Capture.Start(shop, log);
        Assert.Contains("public.orders has no column category any more", (await refused.FailedAsync<UserMistakeException>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Altering_what_nobody_reads_reads_nothing_again()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        await using var capture = await StartAsync(shop, new MemoryLog());
        await shop.ExecuteAsync("""
            alter table orders add column weight numeric default 1; alter table orders alter note type varchar(900); alter type order_status add value 'LOST';
            create index on orders (status); create table other (id int); alter table orders set (fillfactor = 80);
            """);
        await shop.ExecuteAsync("vacuum full orders");
        await shop.ExecuteAsync("analyze orders");
        await shop.ExecuteAsync("update orders set gross_amount = 7");
        await KnowsAllAsync(shop, capture);
        Assert.Equal(3, capture.Records("orders").Count(record => record.Value!.Contains("\"op\":\"r\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(capture.Statuses, status => status is CdcStatus.Unfit or CdcStatus.Altered);
    }

    [Theory]
    [InlineData("alter table orders enable row level security; alter table orders force row level security", "alter table orders disable row level security")]
    [InlineData("revoke select on orders from {0}", "grant select on orders to {0}")]
    [InlineData("revoke usage on schema public from public", "grant usage on schema public to public")]
    public async Task A_role_that_may_not_see_all_any_more_stops_it_until_it_may(string broken, string mended)
    {
        var shop = await server.NewShopAsync();
        var role = new Npgsql.NpgsqlConnectionStringBuilder(shop.ConnectionString).Database + "_reader";
        await shop.ExecuteAsync($"{Publish}; {Orders}; create role {role} login replication password 'r'; grant select on orders, merchants, promoters to {role};");
        await using var capture = await StartAsync(shop, new MemoryLog(), role);
        await shop.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, broken, role));
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit);
        await shop.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, mended, role));
        await KnowsAllAsync(shop, capture);
    }

    [Fact]
    public async Task A_slot_that_is_dropped_while_it_is_followed_is_said_and_never_gone_on_without()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(Orders);
        await using var capture = await StartAsync(shop, new MemoryLog());
        await capture.UntilAsync(() =>
        {
            // Its reader comes back at once: it is dropped in between.
            try
            {
                shop.ExecuteAsync("""
                    select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database();
                    select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database();
                    """).GetAwaiter().GetResult();
                return true;
            }
            catch (Npgsql.PostgresException inUse) when (inUse.SqlState == Npgsql.PostgresErrorCodes.ObjectInUse)
            {
                return false;
            }
        });
        var since = Stopwatch.GetTimestamp();
        await shop.ExecuteAsync("update orders set status = 'CANCELLED'");
        await capture.UntilAsync(() => capture.Source.Status is CdcStatus.Unfit { Reason: var reason } && reason.Contains("is gone", StringComparison.Ordinal));
        Assert.DoesNotContain(capture.ReadPoints(), point => point.At > since);
        Assert.False(capture.Running.IsCompleted);
    }

    static Task<Capture> StartAsync(SourceDatabase shop, MemoryLog log, string? role = null) => Capture.StartedAsync(shop, log, options => options with
    {
        Silence = TimeSpan.FromSeconds(1),
        ConnectionString = role is null
            ? options.ConnectionString
            : new Npgsql.NpgsqlConnectionStringBuilder(options.ConnectionString) { Username = role, Password = "r" }.ConnectionString,
    });

    /// <summary>Waits until the source is told to be read to where it stands; then the log must have what the table has.</summary>
    static async Task KnowsAllAsync(SourceDatabase shop, Capture capture)
    {
        var now = Stopwatch.GetTimestamp();
        await capture.UntilAsync(() => capture.ReadPoints().Any(point => point.At > now));
        Assert.Equal(await OrderStates.InTableAsync(shop), OrderStates.InLog(capture));
    }
}
