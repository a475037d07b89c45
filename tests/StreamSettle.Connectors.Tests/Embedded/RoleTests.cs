using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>What the role may not do is refused, and what the role or the database is set to changes nothing.</summary>
public sealed class RoleTests(SourceServer server)
{
    static readonly string[] Hostile =
    [
        "idle_in_transaction_session_timeout = 50", "statement_timeout = 50", "lock_timeout = 50", "idle_session_timeout = 50", "default_transaction_read_only = on",
        "default_transaction_isolation = serializable", "datestyle = 'SQL, DMY'", "intervalstyle = sql_standard", "bytea_output = escape", "extra_float_digits = -10",
        "timezone = 'Asia/Tokyo'", "search_path = evil", "client_encoding = LATIN1", "standard_conforming_strings = off", "row_security = on", "synchronous_commit = off",
    ];

    [Theory]
    [InlineData("alter role {0} noreplication", "ALTER ROLE \"{0}\" REPLICATION;")]
    [InlineData("revoke select on merchants from {0}", "GRANT SELECT ON \"public\".\"merchants\" TO \"{0}\";")]
    [InlineData("revoke select on orders from {0}; grant select (order_id, status) on orders to {0}", "may not read all columns of public.orders, only some")]
    [InlineData("revoke usage on schema public from public", "GRANT USAGE ON SCHEMA \"public\" TO \"{0}\";")]
    [InlineData("drop publication streamsettle", "Let the tables' owner run CREATE PUBLICATION \"streamsettle\"")]
    [InlineData("alter table orders enable row level security", "ALTER ROLE \"{0}\" BYPASSRLS;")]
    [InlineData("alter table orders enable row level security; alter table orders owner to {0}; alter table orders force row level security", "row-level security")]
    public async Task A_right_that_is_missing_is_named_with_the_sql(string sql, string message)
    {
        var (shop, reader, role) = await ReaderAsync();
        await shop.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role));

        var refused = await RefusedAsync(reader);
        Assert.Contains(message.Replace("{0}", role, StringComparison.Ordinal), refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter table orders enable row level security; alter table orders owner to {0}")]
    [InlineData("alter table orders enable row level security; alter role {0} bypassrls")]
    public async Task Row_level_security_that_hides_nothing_from_the_role_is_no_matter(string sql)
    {
        var (shop, reader, role) = await ReaderAsync();
        await shop.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role));
        await shop.ExecuteAsync("insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status) values (1,5,'US','USD',1,'PAID')");

        await using var capture = await Capture.StartedAsync(reader, new());
        Assert.Single(capture.Records("orders"));
    }

    [Fact]
    public async Task What_the_role_and_the_database_are_set_to_changes_neither_rows_nor_the_snapshots_life()
    {
        var (shop, reader, role) = await ReaderAsync();
        await shop.ExecuteAsync(
            "create schema evil; create function evil.no(text, text) returns boolean immutable language sql as 'select false'; grant usage on schema evil to public; "
            + "create operator evil.= (function = evil.no, leftarg = text, rightarg = text); create table evil.pg_publication (pubname text)");
        await shop.ExecuteAsync(Order(1));
        var database = await shop.ScalarAsync<string>("select quote_ident(current_database())");
        await shop.ExecuteAsync(string.Join("; ", Hostile.Select(setting => $"alter role {role} in database {database} set {setting}")));

        await using var capture = Capture.Start(reader, new(), gate: async (_, stop) => await PassAsync(shop, milliseconds: 300, stop));
        await capture.Source.CaughtUp.WaitAsync(TimeSpan.FromSeconds(60));
        await using (var connection = await shop.OpenAsync())
        {
            await using var insert = new NpgsqlCommand("set search_path = public; set default_transaction_read_only = off; set client_encoding = utf8; " + Order(2), connection);
            await insert.ExecuteNonQueryAsync();
        }

        await capture.UntilAsync(() => capture.Records("orders").Count == 2);
        Assert.All(capture.Records("orders"), record =>
        {
            Assert.Contains("\"completed_at\":\"2026-11-05T10:00:00.000000Z\"", record.Value, StringComparison.Ordinal);
            Assert.Contains("\"note\":\"Grüße €\"", record.Value, StringComparison.Ordinal);
        });
        static string Order(int id) =>
            $"insert into orders (order_id,merchant_id,buyer_country,currency,gross_amount,status,completed_at,note) values ({id},5,'US','USD',1,'COMPLETED','2026-11-05 10:00:00+00','Grüße €')";
    }

    [Fact]
    public async Task A_database_whose_texts_have_no_encoding_is_refused()
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new() { Durable = false });
        await new SourceDatabase(own.ConnectionString).ExecuteAsync("create database shop_ascii encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0");
        await new SourceDatabase(own.ConnectionString).ExecuteAsync("create database shop_latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0");
        var (ascii, latin) = (new SourceDatabase(own.ConnectionStringFor("shop_ascii")), new SourceDatabase(own.ConnectionStringFor("shop_latin")));
        await SourceServer.MakeTablesAsync(ascii);
        await SourceServer.MakeTablesAsync(latin);

        Assert.Contains("encoding SQL_ASCII", await RefusedAsync(ascii), StringComparison.Ordinal);
        await latin.ExecuteAsync("insert into merchants values (1, 'Müller', 'KA', 'DE')");
        await using var capture = await Capture.StartedAsync(latin, new());
        Assert.Contains("Müller", Assert.Single(capture.Records("merchants")).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standby_is_refused_with_what_to_give()
    {
        SourceServer.Require();
        await using var own = await PrivatePostgres.StartAsync(new());
        var shop = new SourceDatabase(own.ConnectionString);
        await SourceServer.MakeTablesAsync(shop);
        await own.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(own.Directory, "data", "standby.signal"), "", TestContext.Current.CancellationToken);
        await own.StartAgainAsync();

        Assert.Contains("is a standby", await RefusedAsync(shop), StringComparison.Ordinal);
    }

    /// <summary>A role with no more rights than it takes, and the publication that the owner made.</summary>
    async Task<(SourceDatabase Shop, SourceDatabase Reader, string Role)> ReaderAsync()
    {
        var shop = await server.NewShopAsync();
        var role = "reader_" + await shop.ScalarAsync<string>("select current_database()::text");
        await shop.ExecuteAsync(
            $"create role {role} login replication password 'reader'; grant select on orders, merchants, promoters to {role}; create publication streamsettle for table orders, merchants, promoters");
        return (shop, new(new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Username = role, Password = "reader" }.ConnectionString), role);
    }

    /// <summary>Waits until the server's clock is later.</summary>
    static async Task PassAsync(SourceDatabase shop, int milliseconds, CancellationToken stop)
    {
        var until = await shop.ScalarAsync<DateTime>($"select clock_timestamp() + interval '{milliseconds} ms'");
        while (await shop.ScalarAsync<DateTime>("select clock_timestamp()") < until)
        {
            stop.ThrowIfCancellationRequested();
        }
    }

    static async Task<string> RefusedAsync(SourceDatabase shop)
    {
        await using var capture = Capture.Start(shop, new());
        return (await capture.FailedAsync<UserMistakeException>()).Message;
    }
}
