using JasperFx;
using Marten;
using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>An event log that an earlier release made is opened by this one.</summary>
public sealed class EventLogUpgradeTests(PostgresFixture postgres)
{
    /// <summary>Everything in the schema and where it is in the catalog: what is made anew gets another number.</summary>
    const string Catalog = """
        select string_agg(what, E'\n' order by what) from (
            select c.oid || ' ' || c.relname || ' ' || c.relkind::text from pg_class c where relnamespace = 'settlement'::regnamespace
            union all select p.oid || ' ' || p.proname || ' ' || p.xmin from pg_proc p where pronamespace = 'settlement'::regnamespace
            union all select t.oid || ' ' || t.tgname || ' ' || t.tgenabled::text from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'settlement'::regnamespace
        ) as things (what)
        """;

    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task It_keeps_its_events_takes_further_ones_and_is_guarded_from_then_on()
    {
        var options = await OlderAsync();
        var events = PostgresFixture.Scalar<string>(options, "select string_agg(e::text, E'\\n' order by seq_id) from settlement.mt_events e");
        await using var log = new MartenEventLog(options);

        Assert.Equal(new(false, new LogRegistration(Log)), await log.OpenAsync(Never));
        Assert.Equal(events, PostgresFixture.Scalar<string>(options, "select string_agg(e::text, E'\\n' order by seq_id) from settlement.mt_events e"));
        Assert.Equal(1, (await log.AppendAsync(Batch(4, (42, Confirmed("split")), (42, Confirmed("tax"))), Never)).Appended);
        Assert.Equal([1, 2, 3, 4, 5], (await log.ReadStreamAsync(new(42), Never)).Select(one => one.Version));

        var refused = Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(options, "delete from settlement.mt_events"));
        Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_open_changes_nothing_and_Martens_own_tooling_finds_no_difference()
    {
        var options = await OlderAsync();
        await using (var log = new MartenEventLog(options))
        {
            await log.OpenAsync(Never);
        }

        var catalog = PostgresFixture.Scalar<string>(options, Catalog);
        await using (var again = new MartenEventLog(options))
        {
            await again.OpenAsync(Never);
        }

        await using var store = DocumentStore.For(marten =>
        {
            marten.Connection(options.ConnectionString);
            SettlementEventStore.Configure(marten, options.Schema);
            marten.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        });
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(Never);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        Assert.Equal(catalog, PostgresFixture.Scalar<string>(options, Catalog));
    }

    /// <summary>Whoever verifies reads the seals for minutes, in one transaction.</summary>
    [Fact]
    public async Task A_start_waits_for_nobody_who_reads()
    {
        var options = await OlderAsync();
        await using var log = new MartenEventLog(options);
        await log.OpenAsync(Never);
        await using var reader = new Npgsql.NpgsqlConnection(options.ConnectionString);
        await reader.OpenAsync(Never);
        await using var reading = await reader.BeginTransactionAsync(Never);
        await using (var read = new Npgsql.NpgsqlCommand("select (select count(*) from settlement.streamsettle_seals) + (select count(*) from settlement.streamsettle_logs) + (select count(*) from settlement.mt_events)", reader))
        {
            await read.ExecuteScalarAsync(Never);
        }

        await using var next = new MartenEventLog(options);
        await next.OpenAsync(Never).WaitAsync(TimeSpan.FromMinutes(1));
    }

    async Task<AuditOptions> OlderAsync()
    {
        var options = await postgres.NewDatabaseAsync();
        PostgresFixture.Execute(options, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Marten", "Kept", "event-log-0.1.0.sql"), Never));
        return options;
    }
}
