using Marten;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Audit.Tests.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Encryption;

/// <summary>Personal data in a real event log.</summary>
public sealed class EncryptedLogTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly MasterKey Master = MasterKeys.Of("2026");
    static readonly (long, SettlementEvent)[] Everything = [(42, Scheduled()), .. Personal.All.Select(one => (42L, one))];

    [Fact]
    public async Task Nothing_of_a_person_is_in_the_database_and_the_service_reads_it()
    {
        var options = await NewAsync(MasterKeys.Ring(Master), Everything);
        await using var log = new MartenEventLog(options);

        Assert.False(PostgresFixture.Scalar<bool>(options, "select exists (select from settlement.mt_events e where e::text like '%Jane%')"));
        Assert.Equal(Everything.Select(one => one.Item2).Select(Json), (await log.ReadStreamAsync(new(42), Never)).Select(stored => Json(stored.Event()!)));
        Assert.Equal(("7", 1L), (PostgresFixture.Scalar<string>(options, "select merchant from settlement.streamsettle_keys"), PostgresFixture.Scalar<long>(options, "select count(*) from settlement.streamsettle_keys")));
        Assert.False(PostgresFixture.Scalar<bool>(options, "select exists (select from settlement.streamsettle_keys where length(wrapped) <> 60)"));

        List<string> rebuilt = [];
        await log.ReadOrdersAsync((_, events) => { rebuilt.AddRange(events.Select(Json)); return Task.CompletedTask; }, Never);
        Assert.Equal(Everything.Select(one => Json(one.Item2)), rebuilt);
    }

    [Fact]
    public async Task Without_its_master_key_a_field_says_so_and_with_another_of_that_name_too()
    {
        var options = await NewAsync(MasterKeys.Ring(Master), Everything);

        Assert.Equal("422: encrypted (master key '2026' is not given: Audit:Encryption:MasterKeys:2026)", await ReasonAsync(options with { Keys = KeyRing.None }));
        Assert.Contains("master key '2026' is another than the one that wrapped the key of merchant 7", await ReasonAsync(options with { Keys = MasterKeys.Ring(MasterKeys.Of("2026", filled: 9)) }), StringComparison.Ordinal);
        Assert.Contains(Personal.Name, await ReasonAsync(options with { Keys = MasterKeys.Reading(Master) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_may_be_plain_then_encrypted_then_plain_again()
    {
        var options = await NewAsync(KeyRing.None, (42, Scheduled()), (42, Personal.Failed(1)));
        await AppendAsync(options with { Keys = MasterKeys.Ring(Master) }, 2, (42, Personal.Failed(2)));
        await AppendAsync(options with { Keys = MasterKeys.Reading(Master) }, 3, (42, Personal.Failed(3)));
        await using var log = new MartenEventLog(options with { Keys = MasterKeys.Reading(Master) });

        Assert.Equal([false, true, false], [.. new[] { 2, 3, 4 }.Select(version => PostgresFixture.Scalar<bool>(options, $"select data ->> 'Reason' like '%enc1.%' from settlement.mt_events where version = {version}"))]);
        Assert.All((await log.ReadStreamAsync(new(42), Never)).Skip(1), stored => Assert.Equal($"422: no invoice of {Personal.Name}", ((DeliveryFailed)stored.Event()!).Reason));
    }

    /// <summary>An event that names no merchant is of the one that the last before it named: in the batch, in the log, or nobody.</summary>
    [Fact]
    public async Task A_field_is_encrypted_by_the_key_of_its_orders_merchant()
    {
        var options = await NewAsync(MasterKeys.Ring(Master), (1, Scheduled() with { MerchantId = 11 }), (1, Personal.Failed(1, order: 1)), (2, Scheduled() with { MerchantId = 12 }));
        await AppendAsync(options, 3, (2, Personal.Failed(1, order: 2)), (2, new SettlementRescheduled("x", RecordedAt, 13, "2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z")), (2, Personal.Failed(2, order: 2)), (3, Personal.Failed(1, order: 3)));

        const string merchants = """
            select string_agg(k.merchant, ',' order by e.seq_id) from settlement.mt_events e
              join settlement.streamsettle_keys k on e.data ->> 'Reason' like '422: enc1.' || rtrim(translate(encode(decode(replace(k.key_id::text, '-', ''), 'hex'), 'base64'), '+/', '-_'), '=') || '.%'
            """;
        Assert.Equal("11,12,13,none", PostgresFixture.Scalar<string>(options, merchants));
    }

    [Fact]
    public async Task A_repeated_append_writes_nothing_and_a_retried_one_the_same_bytes()
    {
        var options = await NewAsync(MasterKeys.Ring(Master), Everything);
        var before = PostgresFixture.Scalar<string>(options, "select string_agg(e::text, E'\\n' order by seq_id) from settlement.mt_events e");
        await AppendAsync(options, 0, Everything);
        Assert.Equal(before, PostgresFixture.Scalar<string>(options, "select string_agg(e::text, E'\\n' order by seq_id) from settlement.mt_events e"));

        // Two instances encrypt one batch, each with what it read itself.
        await using var source = AuditSessions.Create(options.ConnectionString, "test", 8192);
        await using var connection = await source.OpenConnectionAsync(Never);
        var (one, other) = (Protection(options), Protection(options));
        var batch = Batch(0, Everything);
        Assert.Equal((await one.ProtectAsync(connection, batch, Never))!.Bytes.Written.ToArray(), (await other.ProtectAsync(connection, batch, Never))!.Bytes.Written.ToArray());
    }

    /// <summary>Killed between making a merchant's key and using it.</summary>
    [Fact]
    public async Task A_key_that_was_made_and_not_used_is_used_by_whoever_comes_next()
    {
        var options = await NewAsync(MasterKeys.Ring(Master));
        await using (var source = AuditSessions.Create(options.ConnectionString, "test", 8192))
        {
            await using var connection = await source.OpenConnectionAsync(Never);
            Assert.NotNull(await Protection(options).ProtectAsync(connection, Batch(0, Everything), Never));
        }

        var made = PostgresFixture.Scalar<Guid>(options, "select key_id from settlement.streamsettle_keys");
        await AppendAsync(options, 0, Everything);

        Assert.Equal(made, PostgresFixture.Scalar<Guid>(options, "select key_id from settlement.streamsettle_keys"));
        await using var log = new MartenEventLog(options);
        Assert.Contains(Personal.Name, await ReasonAsync(options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_that_make_a_merchants_key_at_once_get_one()
    {
        var options = await NewAsync(MasterKeys.Ring(Master));
        for (var round = 0; round < 10; round++)
        {
            var first = round * 100;
            await Task.WhenAll(Enumerable.Range(0, 2).Select(instance => Task.Run(() => AppendAsync(
                options, new("settlement-events", instance), first, [.. Enumerable.Range(0, 20).Select(i => ((long)first + (instance * 50) + i, (SettlementEvent)(Calculated() with { MerchantId = first + i, InvoiceDigest = Personal.Name })))]))));
        }

        Assert.Equal((200L, 200L), (PostgresFixture.Scalar<long>(options, "select count(*) from settlement.streamsettle_keys"), PostgresFixture.Scalar<long>(options, "select count(distinct merchant) from settlement.streamsettle_keys")));
        await using var log = new MartenEventLog(options);
        var read = await log.ReadStreamsAsync([.. Enumerable.Range(0, 1_000).Select(id => new OrderId(id))], Never);
        Assert.Equal(400, read.Count);
        Assert.All(read.Values, stream => Assert.Equal(Personal.Name, ((SettlementCalculated)stream[0].Event()!).InvoiceDigest));
    }

    [Fact]
    public async Task What_another_instance_wrapped_by_a_key_that_this_one_has_not_waits()
    {
        var options = await NewAsync(MasterKeys.Ring(MasterKeys.Of("2027")), Everything);

        var refused = await Assert.ThrowsAsync<EnvironmentFailedException>(() => AppendAsync(options with { Keys = MasterKeys.Ring(Master) }, 20, (42, Personal.Failed(9))));

        Assert.Contains("merchant 7", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'2027' is not given", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Everything.Length, PostgresFixture.Scalar<long>(options, "select count(*) from settlement.mt_events"));
    }

    [Fact]
    public async Task Roles_that_were_granted_what_they_need_write_and_read()
    {
        var roles = AuditRoles.Grant(await NewAsync(KeyRing.None));
        await AppendAsync(roles.Writer with { Keys = MasterKeys.Ring(Master) }, 0, Everything);
        var keys = await AuditFieldKeys.LoadAsync(roles.Auditor, MasterKeys.Reading(Master), Never);
        await using var store = DocumentStore.For(marten =>
        {
            marten.Connection(roles.Auditor.ConnectionString);
            SettlementEventStore.Configure(marten, "settlement", keys);
        });
        await using var session = store.QuerySession();

        var stream = await session.Events.FetchStreamAsync("42", token: Never);
        Assert.Equal(Everything.Select(one => Json(one.Item2)), stream.Select(one => Json((SettlementEvent)one.Data)));
        Assert.Equal(Personal.Name, Assert.Single(await session.Events.QueryRawEventDataOnly<SettlementCalculated>().Where(one => one.Net > 10_000).ToListAsync(Never)).InvoiceDigest);
        var refused = Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(roles.Auditor, "update settlement.streamsettle_keys set wrapped = null"));
        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    static string Json(SettlementEvent happened) => System.Text.Encoding.UTF8.GetString(EventJson.Write(happened));

    static FieldProtection Protection(AuditOptions options) => new(new Tables(options.Schema), options.Keys, bytes => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes));

    static async Task<string> ReasonAsync(AuditOptions options)
    {
        await using var log = new MartenEventLog(options);
        return (await log.ReadStreamAsync(new(42), Never)).Select(stored => stored.Event()).OfType<DeliveryFailed>().Last().Reason;
    }

    static Task AppendAsync(AuditOptions options, long first, params (long, SettlementEvent)[] events) => AppendAsync(options, Partition, first, events);

    static async Task AppendAsync(AuditOptions options, Audit.EventLog.SourcePartition source, long first, params (long, SettlementEvent)[] events)
    {
        await using var log = new MartenEventLog(options);
        await log.AppendAsync(Batch(Log, source, first, events), Never);
    }

    async Task<AuditOptions> NewAsync(KeyRing keys, params (long, SettlementEvent)[] events)
    {
        var options = await postgres.NewDatabaseAsync() with { Keys = keys };
        await using var log = new MartenEventLog(options);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        if (events.Length > 0)
        {
            await log.AppendAsync(Batch(0, events), Never);
        }

        return options;
    }
}
