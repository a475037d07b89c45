using Npgsql;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Inspection;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>What would deliver less than all of the three tables is refused at a first start and at every later one, with what to do.</summary>
public sealed class CompletenessTests(SourceServer server)
{
    /// <summary>What to run in the shop, and what the refusal says.</summary>
    public static TheoryData<string, string> Incomplete => new()
    {
        { Regenerated("(gross_amount / 2) stored"), "refunded_amount is a generated column" },
        { "alter table merchants drop column tier; alter table merchants add column tier text generated always as ('KA') stored", "tier is a generated column" },
        { "alter table orders drop column refunded_amount", "no column refunded_amount" },
        { "alter table orders rename column shipping_amount to freight", "no column shipping_amount" },
        { "create table orders_old () inherits (orders)", "inherit from it (public.orders_old)" },
        { "alter table promoters set unlogged", "ALTER TABLE \"public\".\"promoters\" SET LOGGED;" },
        { "alter table orders alter column refunded_amount type money", "refunded_amount is of type money" },
        { "create domain amount as numeric; alter table orders alter column gross_amount type amount", "expected numeric" },
        { "alter table orders alter column status type char(12)", "expected text, or an enumeration" },
        { "create type state as enum ('completed','paid'); alter table orders alter column status type state using 'paid'", "with the label COMPLETED" },
        { "alter table orders alter column status type int using 1", "status is of type integer" },
        { "alter table orders alter column currency type char(4)", "expected text or character(3)" },
        { "alter table merchants alter column tier type char(10)", "tier is of type character(10)" },
        { "alter table merchants drop constraint merchants_pkey; create unique index on merchants (merchant_id)", "DEFAULT without a primary key" },
        { "alter table merchants add unique (name); alter table merchants replica identity using index merchants_name_key", "USING INDEX of other columns" },
        { "alter table merchants drop constraint merchants_pkey, add primary key (merchant_id) deferrable", "not deferrable" },
        { "alter table orders drop constraint orders_pkey; create unique index on orders (order_id) where order_id > 5", "neither the primary key nor unique" },
        { "alter table orders drop constraint orders_pkey; alter table orders alter column order_id drop not null; create unique index on orders (order_id)", "neither the primary key nor unique" },
        { "alter table promoters rename to people; create view promoters as select * from people", "but a view" },
        { Parted("promoters"), "but a partitioned table" },
        { "alter table merchants rename to sellers; create table merchants (like sellers including all) partition by list (merchant_id)", "but a partitioned table" },
        { "create table people (like promoters) partition by range (promoter_id); alter table people attach partition promoters default", "promoters is a partition" },
    };

    /// <summary>What may be so: nothing is left out by it.</summary>
    public static TheoryData<string> Complete => new()
    {
        "alter table orders drop column category, drop column export_refund, drop column carrier_id",
        "alter table orders alter column status type text; alter table orders alter column currency type varchar(3); alter table orders alter column refunded_amount type bigint",
        "create domain label as text; alter table merchants alter column tier type label using tier",
        "alter table orders enable row level security",
        "create table shop_orders (); alter table orders inherit shop_orders",
        "alter table orders drop constraint orders_pkey; create unique index on orders (order_id) include (status)",
        "create publication streamsettle for all tables",
        "create publication other for table orders where (gross_amount > 5)",
        "alter table orders add column net numeric generated always as (gross_amount - refunded_amount) stored",
        "create rule r as on insert to orders where false do instead nothing",
    };

    [Theory]
    [MemberData(nameof(Incomplete))]
    public async Task A_table_whose_copy_or_changes_would_lack_something_is_refused(string sql, string message)
    {
        foreach (var offset in new[] { null, Following })
        {
            Assert.Contains(await LookAsync(sql, offset), finding => finding.Message.Contains(message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task What_leaves_nothing_out_is_followed(string sql) => Assert.Empty(await LookAsync(sql, null));

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_nothing_is_left_behind()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("alter table orders replica identity default; drop table promoters; create table orders_old () inherits (orders)");

        var refused = await RefusedAsync(shop, new());
        Assert.Contains("REPLICA IDENTITY FULL", refused, StringComparison.Ordinal);
        Assert.Contains("no table public.promoters", refused, StringComparison.Ordinal);
        Assert.Contains("orders_old", refused, StringComparison.Ordinal);
        Assert.Equal(0L, await shop.ScalarAsync<long>("select count(*) from pg_replication_slots where database = current_database()"));
        Assert.Equal(0L, await shop.ScalarAsync<long>("select count(*) from pg_publication"));
    }

    [Fact]
    public async Task What_is_altered_while_nobody_reads_is_refused_at_the_next_start()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync("create table orders_old () inherits (orders)");
        var refused = await RefusedAsync(shop, log);
        Assert.Contains("orders_old", refused, StringComparison.Ordinal);
    }

    static CdcOffset Following { get; } = new(CdcPhase.Streaming, 10, 1, "1", "shop", "nowhere", "i", default);

    /// <summary>What is found when that was done, without keeping it.</summary>
    async Task<IReadOnlyList<SourceFinding>> LookAsync(string sql, CdcOffset? offset)
    {
        var shop = await server.SharedShopAsync();
        var options = Capture.Options(shop);
        await using var connection = await shop.OpenAsync();
        await using var undone = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        return await SourceInspection.LookAsync(connection, options, CapturedTable.Of(options), offset, anew: false, CancellationToken.None);
    }

    static string Parted(string table) =>
        $"alter table {table} rename to {table}_old; create table {table} (like {table}_old including all) partition by hash (promoter_id); create table p0 partition of {table} for values with (modulus 1, remainder 0)";

    static string Regenerated(string expression) =>
        $"alter table orders drop column refunded_amount; alter table orders add column refunded_amount numeric(20,4) generated always as {expression}";

    static async Task<string> RefusedAsync(SourceDatabase shop, MemoryLog log)
    {
        await using var capture = Capture.Start(shop, log);
        return (await capture.FailedAsync<UserMistakeException>()).Message;
    }
}
