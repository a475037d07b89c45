using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Proofs;
using StreamSettle.Audit.Tests.Encryption;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>What stands beside the events, and is in no leaf, is counted by seals, derived from the events, or guarded; what is done to it is found and located.</summary>
public sealed class BesideTests(PostgresFixture postgres)
{
    const string K = "settlement.streamsettle_keys", H = "settlement.streamsettle_shreddings", T = "settlement.mt_streams";

    static readonly CancellationToken Never = CancellationToken.None;
    static readonly MasterKey Master = MasterKeys.Of("2026");

    /// <summary>Records of three shreddings, of merchants 1, 2 and 3; seal 2 was made behind two of them, seal 3 behind the third, without an event in between.</summary>
    [Theory]
    [InlineData($"delete from {H} where number = 3", "shredding 3", "it is missing: seal 3 of")]
    [InlineData($"delete from {H}", "shredding 1", "it is missing: seal 2 of")]
    [InlineData($"delete from {H} where number = 1", "shredding 1", "it is missing: after 0 comes 2")]
    [InlineData($"update {H} set reason = 'nothing' where number = 3", "shredding 3", "what is recorded is another than when seal 3 of")]
    [InlineData($"update {H} set shredded_at = shredded_at - interval '1 day' where number = 1", "shreddings 1 to 2", "what is recorded is another than when seal 2 of")]
    [InlineData($"update {H} set number = 4 where number = 1; update {H} set number = 1 where number = 2; update {H} set number = 2 where number = 4", "shreddings 1 to 2", "what is recorded is another")]
    [InlineData($"insert into {H} select 4, '4', 1, by, reason, 'r-9' from {H} where number = 1", "keys of merchant 4", "shreddings of 1 are recorded, but 0 are destroyed")]
    [InlineData($"update {K} set wrapped = null where merchant = '4'", "keys of merchant 4", "1 are destroyed, but 0 by a recorded shredding")]
    [InlineData($"delete from {K} where merchant = '2'", "keys of merchant 2", "shreddings of 1 are recorded, but 0 are destroyed")]
    public async Task A_shredding_that_is_not_what_was_recorded_is_named(string sql, string where, string what)
    {
        await using var log = await ShreddedAsync();
        var before = await log.VerifyAsync();
        Assert.True(before is { IsSound: true, Seals: 3, Events: 4, Unguarded.Count: 0, Unread.Count: 0 }, string.Join('\n', before.Breaks));

        log.Tamper(sql);

        var verdict = await log.VerifyAsync();
        var found = verdict.Breaks[0];
        Assert.Equal((false, where), (verdict.IsSound, found.Where));
        Assert.Contains(what, found.What, StringComparison.Ordinal);
    }

    /// <summary>Without events and shreddings there is nothing to seal, however often it is looked.</summary>
    [Fact]
    public async Task A_log_at_rest_gets_no_further_seals()
    {
        await using var log = await ShreddedAsync();

        await log.Sealer.SealNowAsync(Never);

        Assert.Equal(3, (await log.Sealer.SealNowAsync(Never))!.Number);
    }

    [Fact]
    public async Task Seals_of_an_earlier_release_that_say_nothing_of_it_are_gone_on_with()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        var first = await log.SealAsync(5) with { Beside = null };
        log.Tamper($"update settlement.streamsettle_seals set beside = null, signature = '\\x{Convert.ToHexStringLower(log.Key.Sign(first))}'");
        await using var sealer = log.NewSealer();
        await log.AppendAsync(5);

        var second = await sealer.SealNowAsync(Never);

        Assert.Equal((SealedBeside.Nothing, first.Hash), (second!.Beside, second.Previous));
        Assert.True((await log.VerifyAsync(await log.ExportAsync())).IsSound);
        log.Tamper("update settlement.streamsettle_seals set beside = null where number = 2");
        Assert.Equal("seal 2", Assert.Single((await log.VerifyAsync()).Breaks).Where);
    }

    [Theory]
    [InlineData($"update {T} set version = 7 where id = '1'", "stream of order 1", "mt_streams has version 7, but its last event has 1")]
    [InlineData($"delete from {T} where id = '2'", "stream of order 2", "mt_streams has it not, but there are 1 events of it")]
    [InlineData($"insert into {T} (id, version) values ('77', 3)", "stream of order 77", "there is no event of it")]
    [InlineData($"update {T} set is_archived = true where id = '3'", "stream of order 3", "archived")]
    [InlineData($"update {T} set tenant_id = 'other' where id = '3'", "stream of order 3", "a tenant")]
    [InlineData($"update {T} set type = 'other' where id = '3'", "stream of order 3", "a type")]
    [InlineData($"update {T} set id = '88' where id = '4'", "stream of order 4", "mt_streams has it not")]
    public async Task Streams_are_what_the_events_make_them(string sql, string where, string what)
    {
        await using var log = await ShreddedAsync();

        log.Tamper(sql);

        var verdict = await log.VerifyAsync();
        var found = verdict.Breaks[0];
        Assert.Equal((false, where), (verdict.IsSound, found.Where));
        Assert.Contains(what, found.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alter table settlement.mt_events disable trigger streamsettle_append_only", "trigger streamsettle_append_only of \"settlement\".mt_events is disabled")]
    [InlineData("alter table settlement.streamsettle_seals enable replica trigger streamsettle_append_only", "trigger streamsettle_append_only of \"settlement\".streamsettle_seals is disabled")]
    [InlineData("alter table settlement.mt_streams disable trigger all", "trigger streamsettle_append_only_row of \"settlement\".mt_streams is disabled")]
    [InlineData("drop trigger streamsettle_append_only on settlement.streamsettle_notarisations", "trigger streamsettle_append_only of \"settlement\".streamsettle_notarisations is missing")]
    [InlineData("create or replace function settlement.streamsettle_append_only() returns trigger language plpgsql as 'begin return null; end'", "the function of trigger streamsettle_append_only of \"settlement\".mt_events is another")]
    [InlineData("create rule quiet as on delete to settlement.streamsettle_leaves do instead nothing", "rule quiet rewrites what is done with streamsettle_leaves")]
    [InlineData("grant update on settlement.mt_events to public", "everybody (public) may do more with \"settlement\".mt_events than append: UPDATE")]
    [InlineData("grant update (data), delete on settlement.mt_events to pg_monitor", "pg_monitor may do more with \"settlement\".mt_events than append: DELETE, UPDATE (data)")]
    [InlineData("grant truncate, trigger on settlement.streamsettle_shreddings to pg_monitor", "than append: TRIGGER, TRUNCATE")]
    [InlineData("grant update (version) on settlement.mt_streams to pg_monitor", null)]
    public async Task What_keeps_the_log_append_only_is_looked_at(string sql, string? told)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(3);

        PostgresFixture.Execute(log.Options, sql);

        var verdict = await log.VerifyAsync();
        Assert.True(verdict.IsSound);
        Assert.True(told is null ? verdict.Unguarded.Count == 0 : verdict.Unguarded.Any(one => one.Contains(told, StringComparison.Ordinal)), string.Join('\n', verdict.Unguarded));
    }

    [Fact]
    public async Task What_may_not_be_read_is_said_and_not_called_fine()
    {
        await using var log = await ShreddedAsync();
        var roles = Marten.AuditRoles.Grant(log.Options);
        await using (var verifier = new EventLogVerifier(roles.Auditor))
        {
            Assert.True(await verifier.VerifyAsync([log.Key], [], Never) is { IsSound: true, Unguarded.Count: 0, Unread.Count: 0 });
        }

        PostgresFixture.Execute(log.Options, $"revoke select on {H} from \"{new Npgsql.NpgsqlConnectionStringBuilder(roles.Auditor.ConnectionString).Username!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        await using var blind = new EventLogVerifier(roles.Auditor);
        Assert.Contains("may not read \"settlement\".streamsettle_shreddings", Assert.Single((await blind.VerifyAsync([log.Key], [], Never)).Unread), StringComparison.Ordinal);
    }

    async Task<SealedLog> ShreddedAsync()
    {
        var log = await SealedLog.CreateAsync(postgres, MasterKeys.Ring(Master));
        await log.Log.AppendAsync(Batch(0, [.. Enumerable.Range(1, 4).Select(id => ((long)id, (Audit.Events.SettlementEvent)(Calculated() with { MerchantId = id, InvoiceDigest = Personal.Name })))]), Never);
        await log.Sealer.SealNowAsync(Never);
        await using var keys = new EventLogKeys(log.Options);
        foreach (var merchant in (string[])["1", "2", "3"])
        {
            await keys.ShredAsync(new(merchant, "ann", "erasure", $"r-{merchant}"), Never);
            if (merchant != "1")
            {
                await log.Sealer.SealNowAsync(Never);
            }
        }

        return log;
    }
}
