using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>Whatever is done to what was sealed, also by a superuser with the triggers off, is found and located.</summary>
public sealed class TamperingTests(PostgresFixture postgres)
{
    const string E = "settlement.mt_events", S = "settlement.streamsettle_seals", L = "settlement.streamsettle_leaves";

    // 300 + 1 + 299 + 40 events: seals end within a block, at one event, and behind the second block's end.
    static readonly int[] Counts = [300, 1, 299, 40];

    [Fact]
    public async Task What_was_not_touched_is_sound_and_what_came_since_is_not_claimed()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        var seal = await log.SealAsync(Counts);
        await log.AppendAsync(7);

        var verdict = await log.VerifyAsync(await log.ExportAsync());

        Assert.Equal((640, 4, 7), (verdict.Events, verdict.Seals, verdict.NotSealed));
        Assert.Equal((true, seal), (verdict.IsSound, verdict.Last));
        Assert.Empty(verdict.OtherColumns);
    }

    [Fact]
    public async Task Without_seals_nothing_is_called_sound()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.AppendAsync(3);

        var verdict = await log.VerifyAsync();

        Assert.Equal((false, 0, 0, 3), (verdict.IsSound, verdict.Events, verdict.Seals, verdict.NotSealed));
        Assert.Empty(verdict.Breaks);
    }

    /// <summary>Events: an edit of each column, a deletion, an insertion, orders that are exchanged, truncations.</summary>
    [Theory]
    [InlineData($"update {E} set data = jsonb_set(data, '{{DueAt}}', '\"2030-01-01T00:00:00Z\"') where seq_id = 17", "event 17 (place 16)", "it is another", "order 1, version 4, settlement_due")]
    [InlineData($"update {E} set stream_id = '99' where seq_id = 301", "event 301 (place 300)", "it is another", "order 99")]
    [InlineData($"update {E} set version = 900 where seq_id = 640", "event 640 (place 639)", "it is another", "version 900")]
    [InlineData($"update {E} set timestamp = timestamp + interval '1 microsecond' where seq_id = 1", "event 1 (place 0)", "it is another", "order 0")]
    [InlineData($"update {E} set is_archived = true where seq_id = 512", "event 512 (place 511)", "it is another", "")]
    [InlineData($"update {E} set type = 'settlement_held' where seq_id = 257", "event 257 (place 256)", "it is another", "settlement_held")]
    [InlineData($"update {E} set tenant_id = null where seq_id between 100 and 102", "event 100 (place 99)", "and so are those behind it, 3 in all", "")]
    [InlineData($"delete from {E} where seq_id = 123", "between event 122 and event 124", "an event is missing, at place 122", "")]
    [InlineData($"delete from {E} where seq_id between 200 and 320", "between event 199 and event 321", "121 events are missing, from place 199 on", "")]
    [InlineData($"delete from {E} where seq_id = 300", "between event 299 and event 301", "an event is missing, at place 299", "")]
    [InlineData($"delete from {E} where seq_id = 640", "after event 639", "the event at place 639 and all behind it are missing", "")]
    [InlineData($"delete from {E} where seq_id > 250", "after event 250", "the event at place 250 and all behind it are missing", "")]
    [InlineData($"delete from {E}", "after event 0", "the event at place 0 and all behind it are missing", "")]
    [InlineData($"insert into {E} select -1, gen_random_uuid(), '7', 1, data, null, type, timestamp, tenant_id, mt_dotnet_type, false from {E} where seq_id = 9", "event -1 (place 0)", "an event was put in", "order 7")]
    [InlineData($"update {E} set seq_id = -5 where seq_id = 300", "event -5 (place 0)", "an event was put in", "")]
    [InlineData($"update {E} set seq_id = 100000 where seq_id = 300; update {E} set seq_id = 300 where seq_id = 301; update {E} set seq_id = 301 where seq_id = 100000", "event 300 (place 299)", "2 in all: they were altered, or put in others' places", "")]
    public async Task An_event_that_is_not_what_it_was_is_named(string sql, string where, string what, string which)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(Counts);

        log.Tamper(sql);

        var found = Only(await log.VerifyAsync());
        Assert.StartsWith(where, found.Where, StringComparison.Ordinal);
        Assert.Contains(which, found.Where, StringComparison.Ordinal);
        Assert.Contains(what, found.What, StringComparison.Ordinal);
    }

    /// <summary>Far more than is under way between server and verifier, so that reading is cut off in the middle.</summary>
    [Fact]
    public async Task Behind_the_first_break_a_large_log_is_not_read()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        for (var batch = 0; batch < 15; batch++)
        {
            await log.AppendAsync(4000);
        }

        await log.Sealer.SealNowAsync(TestContext.Current.CancellationToken);
        await log.AppendAsync(3);
        log.Tamper($"update {E} set version = version + 1000000 where seq_id = 17; delete from {E} where seq_id = 50000");

        var verdict = await log.VerifyAsync();

        Assert.StartsWith("event 17 (place 16), order 1, version 1000004", Only(verdict).Where, StringComparison.Ordinal);
        Assert.Equal((0, 3), (verdict.Events, verdict.NotSealed));
    }

    [Fact]
    public async Task An_event_that_is_put_into_a_gap_is_named()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(40);
        PostgresFixture.Execute(log.Options, "select nextval('settlement.mt_events_sequence')");
        await log.SealAsync(40);

        log.Tamper($"insert into {E} select 41, gen_random_uuid(), '7', 1, data, null, type, timestamp, tenant_id, mt_dotnet_type, false from {E} where seq_id = 9");

        Assert.Equal("event 41 (place 40), order 7, version 1, settlement_due: it was not there when this was sealed: an event was put in", Only(await log.VerifyAsync()).ToString());
    }

    /// <summary>The hashes beside the events are no proof: who alters them too is found by the seal, if only to the seal's events.</summary>
    [Theory]
    [InlineData($"update {L} set hashes = hashes || hashes where first = 300", "kept hashes of place 301", "the events, which are as they were sealed")]
    [InlineData($"update {L} set hashes = substr(hashes, 1, 31) where first = 300", "kept hashes of place 300", "not as they were written")]
    [InlineData($"delete from {L} where first = 301", "kept hashes of place 301", "are missing")]
    [InlineData($"update {L} set hashes = set_byte(hashes, 64, 255 - get_byte(hashes, 64)) where first = 256", "kept hashes of place 258", "the events, which are as they were sealed")]
    [InlineData($"update {L} set block_root = sha256('') where block_root is not null and first < 256", "kept hashes of place 255", "not theirs")]
    [InlineData($"update {L} set block_last_sequence = 7 where block_root is not null and first < 256", "kept hashes of place 255", "not theirs")]
    [InlineData($"delete from {L}; delete from {E} where seq_id = 310", "events 302 to 600 (places 301 to 599)", "altered too")]
    public async Task What_is_kept_beside_the_events_is_held_against_them(string sql, string where, string what)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(Counts);

        log.Tamper(sql);

        var verdict = await log.VerifyAsync();
        Assert.StartsWith(where, verdict.Breaks[0].Where, StringComparison.Ordinal);
        Assert.Contains(what, verdict.Breaks[0].What, StringComparison.Ordinal);
        Assert.False(verdict.IsSound);
    }

    /// <summary>Seals: edited, removed, put into another order, signed anew.</summary>
    [Theory]
    [InlineData($"update {S} set sealed_at = sealed_at - interval '1 day' where number = 1", "seal 1", "its signature is not that key's")]
    [InlineData($"update {S} set events = 301, last_sequence = 301, head = (select head from {S} where number = 2) where number = 1", "seal 1", "its signature is not that key's")]
    [InlineData($"update {S} set head = sha256('x') where number = 4", "seal 4", "its signature is not that key's")]
    [InlineData($"update {S} set head = 'x' where number = 3", "seal 3", "cannot be read")]
    [InlineData($"update {S} set signature = (select signature from {S} where number = 2) where number = 3", "seal 3", "its signature is not that key's")]
    [InlineData($"delete from {S} where number = 1", "seal 1", "seal 1 is missing: after 0 comes 2")]
    [InlineData($"delete from {S} where number = 3", "seal 3", "seal 3 is missing: after 2 comes 4")]
    [InlineData($"update {S} set number = -number; update {S} set number = 5 + number where number in (-2, -3); update {S} set number = -number where number < 0", "seal 2", "does not follow on seal 1")]
    [InlineData($"update {S} set key = 'mine' where number = 4", "seal 4", "key 'mine', which is not among the known ones (2026-a)")]
    [InlineData($"delete from {S} where number = 4", "seal 4", "it is missing: hashes are kept of events from place 600 on")]
    [InlineData($"delete from {S}", "seal 1", "it is missing: hashes are kept of events from place 0 on")]
    public async Task A_seal_that_is_not_what_was_signed_is_named(string sql, string where, string what)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(Counts);

        log.Tamper(sql);

        var found = Only(await log.VerifyAsync());
        Assert.Equal(where, found.Where);
        Assert.Contains(what, found.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seals_that_were_taken_away_with_all_that_they_sealed_are_missed_by_an_exported_one()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(300, 1);
        var older = await log.ExportAsync();
        await log.SealAsync(299, 40);
        var newer = await log.ExportAsync();

        log.Tamper($"delete from {S} where number > 2; delete from {L} where first >= 301; delete from {E} where seq_id > 301");
        Assert.StartsWith("mt_streams has version", (await log.VerifyAsync()).Breaks[0].What, StringComparison.Ordinal);
        log.Tamper($"update settlement.mt_streams s set version = (select max(e.version) from {E} e where e.stream_id = s.id)");

        Assert.True((await log.VerifyAsync()).IsSound);
        Assert.True((await log.VerifyAsync(older)).IsSound);
        Assert.Contains("but seal 4", Only(await log.VerifyAsync(older, newer)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_was_sealed_anew_by_who_has_the_key_is_not_the_exported_one()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(300, 40);
        var exported = await log.ExportAsync();
        log.Tamper($"delete from {S}; delete from {L}; update {E} set data = '{{}}' where seq_id = 17");
        await using var forger = log.NewSealer();
        await forger.SealNowAsync(TestContext.Current.CancellationToken);
        await log.AppendAsync(40);
        await forger.SealNowAsync(TestContext.Current.CancellationToken);

        Assert.True((await log.VerifyAsync()).IsSound);
        Assert.StartsWith("seal 2 is another one than the exported", Only(await log.VerifyAsync(exported)).What, StringComparison.Ordinal);

        // Of two histories that were exported one is not this one, whichever comes first.
        var present = await log.ExportAsync();
        Assert.StartsWith("seal 2 is another one than the exported", Only(await log.VerifyAsync(present, exported)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_no_seal_covers_is_told()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(3);
        PostgresFixture.Execute(log.Options, $"alter table {E} add column headers jsonb");

        var verdict = await log.VerifyAsync();

        Assert.Equal((true, "headers"), (verdict.IsSound, Assert.Single(verdict.OtherColumns)));
    }

    static Audit.Proofs.Break Only(LogVerdict verdict)
    {
        Assert.False(verdict.IsSound);
        return Assert.Single(verdict.Breaks);
    }
}
