using Marten;
using Npgsql;
using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Events;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Audit.Tests.Sealing;
using StreamSettle.Kernel.Failures;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Encryption;

/// <summary>Keys of personal data are destroyed and rotated; the proofs stay.</summary>
public sealed class ShreddingTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly MasterKey Master = MasterKeys.Of("2026");
    static readonly ShreddingRequest Asked = new("7", "ann", "erasure, ticket 17", "r-1");

    [Fact]
    public async Task What_was_shredded_is_told_so_and_other_merchants_are_not_touched()
    {
        await using var log = await FilledAsync();
        await using var keys = new EventLogKeys(log.Options);

        var shredding = await keys.ShredAsync(Asked, Never);

        Assert.Equal((1L, "7", 1, "ann", "erasure, ticket 17"), (shredding!.Number, shredding.Merchant, shredding.Keys, shredding.By, shredding.Reason));
        Assert.Equal(["shredded", "422: shredded"], await TextsAsync(log, 42));
        Assert.Equal([Personal.Name, $"422: no invoice of {Personal.Name}"], await TextsAsync(log, 43));
        Assert.True(PostgresFixture.Scalar<bool>(log.Options, "select wrapped is null from settlement.streamsettle_keys where merchant = '7'"));

        using var store = DocumentStore.For(marten =>
        {
            marten.Connection(log.Options.ConnectionString);
            SettlementEventStore.Configure(marten, "settlement", AuditFieldKeys.LoadAsync(log.Options, log.Options.Keys, Never).GetAwaiter().GetResult());
        });
        await using var session = store.QuerySession();
        Assert.Equal(["shredded", Personal.Name], (await session.Events.QueryRawEventDataOnly<SettlementCalculated>().OrderBy(one => one.MerchantId).ToListAsync(Never)).Select(one => one.InvoiceDigest));
        List<string?> rebuilt = [];
        await log.Log.ReadOrdersAsync((_, events) => { rebuilt.AddRange(events.OfType<SettlementCalculated>().Select(one => one.InvoiceDigest)); return Task.CompletedTask; }, Never);
        Assert.Equal(["shredded", Personal.Name], rebuilt);
    }

    /// <summary>Seals, proofs that were taken along before and after, and the script that shares no code with the product.</summary>
    [Fact]
    public async Task Proofs_hold_after_it_as_before()
    {
        await using var log = await FilledAsync();
        await log.Sealer.SealNowAsync(Never);
        var exported = await log.ExportAsync();
        await using var proofs = new OrderProofs(log.Options);
        var before = (await proofs.OfOrderAsync(new(42), Never)).File.ToString();
        await using var keys = new EventLogKeys(log.Options);
        await keys.ShredAsync(Asked, Never);

        var verdict = await log.VerifyAsync(exported);
        Assert.True(verdict is { IsSound: true, Events: 4, OtherColumns.Count: 0 });
        var after = (await proofs.OfOrderAsync(new(42), Never)).File.ToString();
        Assert.Equal(before, after);
        Assert.Null(ProofCheck.Problem(ProofFile.Read(after, "it"), [log.Key]));
        Assert.Equal(0, (await OfflineScript.CheckAsync(after, log.Key)).Code);
        Assert.DoesNotContain("Jane", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ciphertext_that_was_altered_or_exchanged_is_found_by_seals_and_by_reading()
    {
        await using var log = await FilledAsync();
        await log.Sealer.SealNowAsync(Never);
        log.Tamper("update settlement.mt_events e set data = jsonb_set(e.data, '{Reason}', o.data -> 'Reason') from settlement.mt_events o where e.seq_id = 2 and o.seq_id = 4");

        Assert.Contains("event 2 (place 1), order 42, version 2, delivery_failed: it is another", Assert.Single((await log.VerifyAsync()).Breaks).ToString(), StringComparison.Ordinal);
        Assert.Equal("422: unreadable (it was altered, or belongs to another event: streamsettle audit verify)", (await TextsAsync(log, 42))[1]);
        log.Tamper("update settlement.mt_events set data = jsonb_set(data, '{InvoiceDigest}', to_jsonb(overlay(data ->> 'InvoiceDigest' placing 'AA' from 45))) where seq_id = 3");
        Assert.StartsWith("unreadable", (await TextsAsync(log, 43))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_is_one_shredding_and_another_one_with_its_id_is_refused()
    {
        await using var log = await FilledAsync();
        await using var keys = new EventLogKeys(log.Options);
        var first = await keys.ShredAsync(Asked, Never);

        Assert.Equal(first, await keys.ShredAsync(Asked, Never));
        Assert.Contains("'r-1' was another one: ann shredded the keys of merchant 7", (await Assert.ThrowsAsync<UserMistakeException>(() => keys.ShredAsync(Asked with { Merchant = "8" }, Never))).Message, StringComparison.Ordinal);
        Assert.Null(await keys.ShredAsync(Asked with { Request = "r-2" }, Never));
        Assert.Null(await keys.ShredAsync(Asked with { Merchant = "9", Request = "r-3" }, Never));
        Assert.Equal([first!], (await keys.LookAsync(Never)).Shreddings);
    }

    /// <summary>A writer that has the key in memory, here and in another instance.</summary>
    [Fact]
    public async Task What_is_written_after_it_is_encrypted_by_a_new_key_also_by_who_knew_the_old_one()
    {
        await using var log = await FilledAsync();
        await using var other = new MartenEventLog(log.Options);
        await other.AppendAsync(Batch(Log, new("settlement-events", 1), 0, (42, Personal.Failed(2))), Never);
        await using var keys = new EventLogKeys(log.Options);
        await keys.ShredAsync(Asked, Never);

        await log.Log.AppendAsync(Batch(4, (42, Personal.Failed(3))), Never);
        await other.AppendAsync(Batch(Log, new("settlement-events", 1), 1, (42, Personal.Failed(4)), (43, Personal.Failed(2, order: 43))), Never);

        var texts = await TextsAsync(log, 42);
        Assert.Equal(["shredded", "422: shredded", "422: shredded", $"422: no invoice of {Personal.Name}", $"422: no invoice of {Personal.Name}"], texts);
        Assert.Equal(2, PostgresFixture.Scalar<int>(log.Options, "select max(generation) from settlement.streamsettle_keys where merchant = '7'"));
        Assert.Equal(2, (await keys.ShredAsync(Asked with { Request = "r-2" }, Never))!.Number);
        Assert.All(await TextsAsync(log, 42), text => Assert.EndsWith("shredded", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_waits_for_an_append_that_is_under_way()
    {
        await using var log = await FilledAsync();
        await using var source = AuditSessions.Create(log.Options.ConnectionString, "test", 8192);
        await using var connection = await source.OpenConnectionAsync(Never);
        await using var transaction = await connection.BeginTransactionAsync(Never);
        await new DataKeyRows(new("settlement")).HoldAsync(connection, Never);
        await using var keys = new EventLogKeys(log.Options);

        var shredding = keys.ShredAsync(Asked, Never);
        const string waits = "select count(*) from pg_stat_activity where application_name = 'streamsettle-keys' and wait_event_type = 'Lock'";
        for (var looks = 0; PostgresFixture.Scalar<long>(log.Options, waits) == 0; looks++)
        {
            Assert.True(looks < 1_000 && !shredding.IsCompleted, "it does not wait");
        }

        await transaction.CommitAsync(Never);
        Assert.NotNull(await shredding);
    }

    /// <summary>Two instances append while merchants' keys are shredded without a pause: appends get their turn, and nothing is written by a key that has been destroyed, so that what is not shredded is read.</summary>
    [Fact]
    public async Task While_keys_are_shredded_nothing_is_written_by_one_that_is_gone()
    {
        const int merchants = 3, batches = 20, perBatch = 12;
        await using var log = await SealedLog.CreateAsync(postgres, MasterKeys.Ring(Master));
        await using var other = new MartenEventLog(log.Options);
        await using var keys = new EventLogKeys(log.Options);
        using var appended = new CancellationTokenSource();
        var shredding = Task.Run(async () =>
        {
            for (var i = 0; !appended.IsCancellationRequested; i++)
            {
                await keys.ShredAsync(new($"{i % merchants}", "ann", "again", $"r-{i}"), Never);
            }
        });
        await Task.WhenAll(new[] { log.Log, other }.Select((writer, instance) => Task.Run(async () =>
        {
            for (var batch = 0; batch < batches; batch++)
            {
                var first = batch * perBatch;
                await writer.AppendAsync(
                    Batch(Log, new("settlement-events", instance), first, [.. Enumerable.Range(first, perBatch).Select(i => ((2L * i) + instance, (SettlementEvent)(Calculated() with { MerchantId = i % merchants, InvoiceDigest = Personal.Name })))]), Never);
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));
        await appended.CancelAsync();
        await shredding;

        // A merchant's keys are destroyed one after the other: the n-th shredding is the end of its n-th key.
        const string late = """
            with ends as (select merchant, row_number() over (partition by merchant order by number) as generation, shredded_at from settlement.streamsettle_shreddings)
            select count(*) filter (where e.timestamp > ends.shredded_at)
              from settlement.mt_events e
              join settlement.streamsettle_keys k on e.data ->> 'InvoiceDigest' like 'enc1.' || rtrim(translate(encode(decode(replace(k.key_id::text, '-', ''), 'hex'), 'base64'), '+/', '-_'), '=') || '.%'
              join ends on ends.merchant = k.merchant and ends.generation = k.generation
            """;
        Assert.Equal(0, PostgresFixture.Scalar<long>(log.Options, late));
        var read = await log.Log.ReadStreamsAsync([.. Enumerable.Range(0, 2 * batches * perBatch).Select(id => new Kernel.Ids.OrderId(id))], Never);
        var texts = read.Values.Select(stream => ((SettlementCalculated)stream[0].Event()!).InvoiceDigest!).CountBy(text => text).ToDictionary();
        Assert.Equal(2 * batches * perBatch, texts.Values.Sum());
        Assert.All(texts.Keys, text => Assert.Contains(text, (string[])["shredded", Personal.Name]));
        Assert.True(texts["shredded"] > 0 && (await keys.LookAsync(Never)).Shreddings.Count > merchants, "nothing was shredded meanwhile");
    }

    /// <summary>Triggers hold for the owner too.</summary>
    [Theory]
    [InlineData("update settlement.streamsettle_keys set wrapped = '\\x00' where merchant = '7'")]
    [InlineData("update settlement.streamsettle_keys set merchant = '9' where merchant = '8'")]
    [InlineData("update settlement.streamsettle_keys set generation = 9 where merchant = '8'")]
    [InlineData("delete from settlement.streamsettle_keys")]
    [InlineData("truncate settlement.streamsettle_keys")]
    [InlineData("update settlement.streamsettle_shreddings set reason = ''")]
    [InlineData("delete from settlement.streamsettle_shreddings")]
    public async Task What_was_destroyed_stays_so_and_what_was_recorded_stays_there(string sql)
    {
        await using var log = await FilledAsync();
        await using var keys = new EventLogKeys(log.Options);
        await keys.ShredAsync(Asked, Never);

        Assert.Contains("append-only", Assert.Throws<PostgresException>(() => PostgresFixture.Execute(log.Options, sql)).MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_wrapped_by_a_new_master_key_and_the_old_one_is_needed_no_more()
    {
        await using var log = await FilledAsync();
        await using var keys = new EventLogKeys(log.Options);
        await keys.ShredAsync(Asked with { Merchant = "8" }, Never);
        await log.Log.AppendAsync(Batch(4, (42, Personal.Failed(3))), Never);
        var (next, options) = (MasterKeys.Of("2027", filled: 3), log.Options);

        await using (var none = new EventLogKeys(options with { Keys = MasterKeys.Ring(next) }))
        {
            Assert.Contains("'2026' is not given", (await Assert.ThrowsAsync<UserMistakeException>(() => none.RotateAsync(Never))).Message, StringComparison.Ordinal);
        }

        await using (var both = new EventLogKeys(options with { Keys = MasterKeys.Ring(next, Master) }))
        {
            Assert.Equal((1, 0), (await both.RotateAsync(Never), await both.RotateAsync(Never)));
        }

        await using var after = new MartenEventLog(options with { Keys = MasterKeys.Ring(next) });
        Assert.Equal(Personal.Name, ((SettlementCalculated)(await after.ReadStreamAsync(new(42), Never))[0].Event()!).InvoiceDigest);
        Assert.Equal("shredded", ((SettlementCalculated)(await after.ReadStreamAsync(new(43), Never))[0].Event()!).InvoiceDigest);

        // A writer that knew the key goes on by it.
        await log.Log.AppendAsync(Batch(5, (42, Personal.Failed(4))), Never);
        Assert.Equal($"422: no invoice of {Personal.Name}", ((DeliveryFailed)(await after.ReadStreamAsync(new(42), Never))[^1].Event()!).Reason);
    }

    [Fact]
    public async Task A_look_names_keys_that_are_missing_wrong_or_gone_without_a_record()
    {
        await using var log = await FilledAsync();
        await using (var keys = new EventLogKeys(log.Options))
        {
            Assert.Equal([new MasterKeyUse("2026", 2, null)], (await keys.LookAsync(Never)).MasterKeys);
        }

        PostgresFixture.Execute(log.Options, "update settlement.streamsettle_keys set wrapped = null where merchant = '8'");
        await using (var keys = new EventLogKeys(log.Options))
        {
            Assert.Equal(new(1, 1, 0, 1), await keys.CountAsync(Never));
        }

        await using var wrong = new EventLogKeys(log.Options with { Keys = MasterKeys.Ring(MasterKeys.Of("2026", filled: 9)) });
        var look = await wrong.LookAsync(Never);
        Assert.Equal((1L, "8"), (look.Shredded, Assert.Single(look.Unrecorded)));
        Assert.Contains("'2026' is another than the one that wrapped", Assert.Single(look.MasterKeys).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_log_of_an_earlier_release_has_no_keys()
    {
        await using var keys = new EventLogKeys(await postgres.NewDatabaseAsync());

        Assert.Empty((await keys.LookAsync(Never)).MasterKeys);
    }

    /// <summary>What the calculation and the failed call of an order say of a person.</summary>
    static async Task<IReadOnlyList<string>> TextsAsync(SealedLog log, long order) => [.. (await log.Log.ReadStreamAsync(new(order), Never)).Select(stored => stored.Event() switch
    {
        SettlementCalculated calculated => calculated.InvoiceDigest!,
        DeliveryFailed failed => failed.Reason,
        var other => throw new InvalidOperationException($"{other}"),
    })];

    async Task<SealedLog> FilledAsync()
    {
        var log = await SealedLog.CreateAsync(postgres, MasterKeys.Ring(Master));
        await log.Log.AppendAsync(
            Batch(
                0, (42, Calculated() with { InvoiceDigest = Personal.Name }), (42, Personal.Failed()), (43, Calculated() with { MerchantId = 8, InvoiceDigest = Personal.Name }), (43, Personal.Failed(1, order: 43))), Never);
        return log;
    }
}
