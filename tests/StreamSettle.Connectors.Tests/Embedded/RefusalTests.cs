using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using StreamSettle.Connectors.Embedded;
using StreamSettle.Connectors.Embedded.Offsets;
using StreamSettle.Connectors.Embedded.Server;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

public sealed class RefusalTests(SourceServer server)
{
    [Theory]
    [InlineData("alter table orders replica identity default", "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;")]
    [InlineData("alter table orders drop column completed_at", "no column completed_at")]
    [InlineData("alter table orders alter column completed_at type timestamp", "completed_at is of type timestamp without time zone, expected timestamp with time zone")]
    [InlineData("alter table orders alter column gross_amount type double precision", "gross_amount is of type double precision, expected numeric")]
    [InlineData("alter table orders drop constraint orders_pkey", "neither the primary key nor unique")]
    [InlineData("drop table promoters", "no table public.promoters")]
    [InlineData("alter table merchants replica identity nothing", "REPLICA IDENTITY NOTHING")]
    [InlineData("create publication streamsettle for table orders, merchants", "ALTER PUBLICATION \"streamsettle\" ADD TABLE \"public\".\"promoters\";")]
    [InlineData("create publication streamsettle for table orders, merchants, promoters with (publish = 'insert')", "leaves changes out")]
    [InlineData("create publication streamsettle for table orders, merchants, promoters with (publish = 'insert,update,delete')", "leaves changes out")]
    [InlineData("create publication streamsettle for table orders where (gross_amount > 5), merchants, promoters", "leaves rows of public.orders out")]
    [InlineData("create publication streamsettle for table orders, merchants (merchant_id), promoters", "leaves columns of public.merchants out")]
    public async Task A_source_that_cannot_be_followed_is_refused_with_what_to_do(string sql, string message)
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync(sql);

        await RefusedAsync(shop, new MemoryLog(), message);
        Assert.Equal(0L, await shop.ScalarAsync<long>("select count(*) from pg_replication_slots where database = current_database()"));
    }

    [Theory]
    [InlineData("alter table orders replica identity default", "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;")]
    [InlineData("alter publication streamsettle drop table orders", "ALTER PUBLICATION \"streamsettle\" ADD TABLE \"public\".\"orders\";")]
    [InlineData("alter publication streamsettle set (publish = 'insert')", "leaves changes out")]
    [InlineData("alter publication streamsettle set table orders where (gross_amount > 5), merchants, promoters", "leaves rows of public.orders out")]
    [InlineData("drop publication streamsettle", "the publication streamsettle is gone")]
    public async Task A_source_that_was_altered_is_not_gone_on_with_silently(string sql, string message)
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync(sql);
        await RefusedAsync(shop, log, message);
    }

    [Theory]
    [InlineData("postgres://settle:secret@db/shop")]
    [InlineData("Host=db;Password=a;secret=x")]
    [InlineData("Host=db;Password=secret;Port=secret")]
    [InlineData("Password=secret;Database=shop")]
    [InlineData("secret")]
    public void A_connection_string_that_cannot_be_read_is_reported_without_showing_it(string text)
    {
        var problem = Assert.Single(new EmbeddedCdcOptions { ConnectionString = text }.Problems("Source"));

        Assert.StartsWith("Source:ConnectionString cannot be read: ", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Databases_whose_names_a_slot_cannot_hold_have_slots_of_their_own()
    {
        var options = new EmbeddedCdcOptions { ConnectionString = "Host=db" };
        var slots = new[] { "shop_a", "shop-a", "Shop_a", "SHOP-A", "shöp_a", new string('a', 50), new string('a', 62), new string('a', 62) + "b", new string('a', 63) }
            .Select(options.SlotFor).ToList();

        Assert.Equal(slots.Count, slots.Distinct().Count());
        Assert.Equal("streamsettle_shop_a", slots[0]);
        Assert.All(slots, slot => Assert.Matches("^[a-z0-9_]{1,63}$", slot));
        Assert.Equal("mine", (options with { SlotName = "mine" }).SlotFor("shop-a"));
    }

    [Fact]
    public void A_name_that_the_server_would_cut_off_is_refused()
    {
        var options = new EmbeddedCdcOptions { ConnectionString = "Host=db", PublicationName = new string('ö', 32) };
        Assert.Contains("1 to 63 bytes", Assert.Single(options.Problems("Source")), StringComparison.Ordinal);
        Assert.Empty((options with { PublicationName = new string('ö', 31) }).Problems("Source"));
    }

    [Fact]
    public async Task A_role_that_may_not_replicate_is_refused_with_what_to_do()
    {
        var shop = await server.NewShopAsync();
        await shop.ExecuteAsync("do $$ begin if not exists (select 1 from pg_roles where rolname = 'reader') then create role reader login password 'reader'; end if; end $$; grant select on all tables in schema public to reader");
        var reader = new Npgsql.NpgsqlConnectionStringBuilder(shop.ConnectionString) { Username = "reader", Password = "reader" };

        await RefusedAsync(new SourceDatabase(reader.ConnectionString), new MemoryLog(), "REPLICATION");
    }

    [Fact]
    public async Task A_server_without_logical_wal_is_refused_with_the_setting()
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new() { Durable = false, Settings = new Dictionary<string, string> { ["wal_level"] = "replica" } });
        var shop = new SourceDatabase(own.ConnectionString);
        await SourceServer.MakeTablesAsync(shop);

        await RefusedAsync(shop, new MemoryLog(), "ALTER SYSTEM SET wal_level = logical;");
    }

    [Fact]
    public async Task A_slot_that_the_log_does_not_know_is_refused_unless_the_source_is_to_be_read_anew()
    {
        var shop = await server.NewShopAsync();
        await using (await Capture.StartedAsync(shop, new MemoryLog()))
        {
        }

        var log = new MemoryLog();
        await RefusedAsync(shop, log, "knows nothing of it");
        await using var anew = await Capture.StartedAsync(shop, log, options => options with { StartAnew = true });
        Assert.IsType<CdcStatus.Streaming>(anew.Source.Status);
    }

    [Fact]
    public async Task A_lost_slot_is_refused_because_changes_would_be_left_out()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync("select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()");
        await RefusedAsync(shop, log, "is gone");
    }

    [Fact]
    public async Task A_slot_that_was_moved_past_the_log_is_refused()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await shop.ExecuteAsync("set synchronous_commit = on; insert into promoters values (1, null, 'x')");
        await shop.ExecuteAsync("select pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) from pg_replication_slots where database = current_database()");
        await RefusedAsync(shop, log, "only up to");
    }

    [Fact]
    public async Task Another_server_or_database_than_the_one_that_was_read_is_refused()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        var known = CdcOffset.Read(log.ReadMetadata(CdcOffset.MetadataName) ?? []);
        await RefusedAsync(await server.NewShopAsync(), log, "has read");
        Capture.Commit(log, known with { SystemId = "7" });
        await RefusedAsync(shop, log, "another PostgreSQL cluster");
    }

    [Theory]
    [InlineData("lost", "pgoutput", "shop", 5, "max_slot_wal_keep_size")]
    [InlineData("reserved", "wal2json", "shop", 5, "not ours")]
    [InlineData("reserved", "pgoutput", "other", 5, "not ours")]
    [InlineData("reserved", "pgoutput", "shop", 11, "0/B")]
    [InlineData("unreserved", "pgoutput", "shop", 10, null)]
    public void A_slot_is_judged_by_its_wal_its_owner_and_its_position(string wal, string plugin, string database, int confirmed, string? message)
    {
        var offset = new CdcOffset(CdcPhase.Streaming, 10, 1, "1", "shop", "s", "i", default);
        var slot = new SlotState(plugin, database, (ulong)confirmed, wal, null, null, null);

        var problem = Slots.Problem(slot, offset);
        Assert.Equal(message is null, problem is null);
        Assert.Contains(message ?? "", problem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_that_another_process_holds_is_waited_for_and_then_refused_naming_it()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        await using (await Capture.StartedAsync(shop, log))
        {
        }

        await using var other = await HoldAsync(shop, "intruder");
        await RefusedAsync(shop, log, "intruder", options => options with { SlotWait = TimeSpan.FromMilliseconds(300) });
    }

    [Fact]
    public async Task What_a_killed_run_left_on_the_slot_is_ended()
    {
        var shop = await server.NewShopAsync();
        var log = new MemoryLog();
        string instance;
        await using (var first = await Capture.StartedAsync(shop, log))
        {
            instance = CdcOffset.Read(first.ReadMetadata(CdcOffset.MetadataName)!).Instance;
        }

        await using var remains = await HoldAsync(shop, ServerConnections.ApplicationName(instance));
        await using var second = await Capture.StartedAsync(shop, log);
        Assert.IsType<CdcStatus.Streaming>(second.Source.Status);
    }

    [Fact]
    public async Task A_source_that_nobody_serves_fails_the_start_after_a_while()
    {
        var nowhere = new SourceDatabase("Host=127.0.0.1;Port=1;Username=x;Database=x");
        await using var capture = Capture.Start(nowhere, new MemoryLog(), options => options with { StartupWait = TimeSpan.FromMilliseconds(300) });

        var failure = await capture.FailedAsync<EnvironmentFailedException>();
        Assert.Contains("could not be read", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_name_the_key_the_rule_and_the_value()
    {
        var wrong = new EmbeddedCdcOptions { ConnectionString = "", TopicPrefix = "a b", Partitions = 0, SlotName = "Slot", CommitBytes = 0, SlotWait = TimeSpan.Zero };

        Assert.Equal(6, wrong.Problems("Source").Count());
        Assert.All(wrong.Problems("Source"), problem => Assert.StartsWith("Source:", problem, StringComparison.Ordinal));
        Assert.Empty(new EmbeddedCdcOptions { ConnectionString = "Host=x" }.Problems("Source"));
    }

    static async Task RefusedAsync(SourceDatabase shop, MemoryLog log, string message, Func<EmbeddedCdcOptions, EmbeddedCdcOptions>? change = null)
    {
        await using var capture = Capture.Start(shop, log, change);
        var mistake = await capture.FailedAsync<UserMistakeException>();
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    /// <summary>Reads the database's slot under a name, as another process would.</summary>
    static async Task<IAsyncDisposable> HoldAsync(SourceDatabase shop, string name)
    {
        var slot = await shop.ScalarAsync<string>("select slot_name::text from pg_replication_slots where database = current_database()");
        var connection = new LogicalReplicationConnection(shop.ConnectionString + $";Application Name={name}");
        await connection.Open();
        var messages = connection.StartReplication(new PgOutputReplicationSlot(slot), new PgOutputReplicationOptions("streamsettle", PgOutputProtocolVersion.V1), CancellationToken.None).GetAsyncEnumerator();
        var reading = messages.MoveNextAsync().AsTask();
        while (await shop.ScalarAsync<long>($"select count(*) from pg_replication_slots where slot_name = '{slot}' and active") == 0)
        {
            Assert.False(reading.IsFaulted, $"{reading.Exception}");
        }

        _ = reading.ContinueWith(task => task.Exception, TaskScheduler.Default);
        return connection;
    }
}
