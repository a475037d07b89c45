using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;

namespace StreamSettle.Audit.Tests.Notarising;

/// <summary>Whatever is done to notarisations, or to what they are of, is found and located.</summary>
public sealed class NotarisationTamperingTests(PostgresFixture postgres)
{
    const string Rows = "settlement.streamsettle_notarisations", Steps = "settlement.streamsettle_notary_steps";

    /// <summary>1: seal 1; 2, 3: events 1 and 2; 4: seal 2; 5: event 3; 6: seal 3; 7: event 4.</summary>
    public static TheoryData<string, string> Tamperings => new()
    {
        { $"update {Steps} set evidence = (select evidence from {Steps} where number = 4) where number = 1", "notarisation 1 (seal 1): rfc3161: the time stamp is of another digest" },
        { $"update {Steps} set evidence = 'AAAA' where number = 2", "notarisation 2 (event 1): rfc3161: what is kept as its time stamp is no token" },
        { $"delete from {Steps} where number = 3", "notarisation 3 (event 2): what rfc3161 gave is missing" },
        { $"update {Steps} set notary = 'other' where number = 4", "notarisation 4 (seal 2): other was not asked, but there is something of it" },
        { $"delete from {Steps} where number = 5; delete from {Rows} where number = 5", "notarisation 5: it is missing" },
        { $"delete from {Steps} where number < 3; delete from {Rows} where number < 3", "notarisation 2: it is missing, and so are those before it from 1 on" },
        { $"update {Rows} set statement = replace(statement, 'EUR=10000', 'EUR=90000') where number = 4", "notarisation 4 (seal 2): rfc3161: the time stamp is of another digest" },
        { $"update {Rows} set statement = replace(statement, 'EUR=10000', 'EUR=90000') where number = 4", "notarisation 5 (event 3): it names" },
        { $"update {Rows} set subject = 9 where number = 1", "notarisation 1: its row is not as it was written" },
        { $"update {Rows} set notaries = '{{}}' where number = 6", "notarisation 6: its row is not as it was written" },
        { $"update {Rows} set statement = 'hello' where number = 6", "notarisation 6: its row is not as it was written" },
        { "update settlement.mt_events set data = jsonb_set(data, '{Net}', '20001') where seq_id = 2", "notarisation 3 (event 2): that event is another than was notarised" },
        { "update settlement.mt_events set data = jsonb_set(data, '{Net}', '1') where seq_id = 3", "notarisation 5 (event 3): that event is no split above the amount" },
        { "delete from settlement.mt_events where seq_id = 4", "notarisation 7 (event 4): that event is gone" },
        { "update settlement.mt_events set data = jsonb_set(data, '{Net}', '70000') where seq_id = 5", "event 5: it is a split above the amount that was configured then" },
        { "update settlement.streamsettle_seals set sealed_at = sealed_at - interval '1 day' where number = 2", "notarisation 4 (seal 2): that seal is another than was notarised" },
        { "delete from settlement.streamsettle_seals where number = 3", "notarisation 6 (seal 3): that seal is gone" },
    };

    [Fact]
    public async Task Each_is_named_with_its_place_and_nothing_else_is_where_nothing_was_done()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var notariser = log.NewNotariser();
        foreach (var nets in (long[][])[[20_000, 20_000], [20_000], [20_000, 10]])
        {
            await log.SplitAsync(nets);
            await log.NotariseAsync(notariser);
        }

        Assert.Equal(7, (await log.VerifyAsync()).Planned);
        foreach (var (sql, told) in Tamperings.Select(row => (row.Data.Item1, row.Data.Item2)))
        {
            Keep(log, "create table kept_events as table settlement.mt_events; create table kept_rows as table settlement.streamsettle_notarisations; create table kept_steps as table settlement.streamsettle_notary_steps; create table kept_seals as table settlement.streamsettle_seals");
            log.Log.Tamper(sql);

            var breaks = (await log.VerifyAsync()).Breaks.Select(one => one.ToString()).ToList();
            Assert.True(breaks.Exists(one => one.StartsWith(told, StringComparison.Ordinal)), $"{sql}\nexpected: {told}\n{string.Join('\n', breaks)}");

            log.Log.Tamper("""
                truncate settlement.mt_events, settlement.streamsettle_notarisations, settlement.streamsettle_notary_steps, settlement.streamsettle_seals;
                insert into settlement.mt_events table kept_events; insert into settlement.streamsettle_notarisations table kept_rows; insert into settlement.streamsettle_notary_steps table kept_steps; insert into settlement.streamsettle_seals table kept_seals;
                drop table kept_events, kept_rows, kept_steps, kept_seals
                """);
            Assert.Empty((await log.VerifyAsync()).Breaks);
        }
    }

    /// <summary>Looks like a list that goes no further; the seals say that it did.</summary>
    [Theory]
    [InlineData($"delete from {Steps} where number > 2; delete from {Rows} where number > 2", "notarisation 3: it is missing: seal 3 of")]
    [InlineData($"delete from {Steps}; delete from {Rows}", "notarisation 1: it is missing: seal 2 of")]
    [InlineData($"delete from {Steps} where number = 4", "notarisation 4: what rfc3161 gave is missing: it was there when seal 3 of")]
    [InlineData($"delete from {Steps}", "notarisation 1: what rfc3161 gave is missing: it was there when seal 3 of")]
    [InlineData($"update {Rows} set statement = replace(statement, 'EUR=10000', 'EUR=90000') where number = 4", "notarisation 4: it is another than when seal 3 of")]
    public async Task An_end_that_was_cut_off_is_missed_by_the_seals(string sql, string told)
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var notariser = log.NewNotariser();
        await log.SplitAsync(20_000);
        await log.NotariseAsync(notariser);
        await log.SplitAsync(20_000);
        await log.NotariseAsync(notariser);

        // A seal without events, for what was notarised since; notaries are not given it, or there would be no end.
        Assert.Equal(3, (await log.Log.Sealer.SealNowAsync(TestContext.Current.CancellationToken))!.Number);
        await log.NotariseAsync(notariser);
        Assert.Equal(3, (await log.Log.Sealer.SealNowAsync(TestContext.Current.CancellationToken))!.Number);
        Assert.Equal((4, 0), ((await log.VerifyAsync()).Planned, (await log.VerifyAsync()).SealsBehind));
        Assert.True((await log.Log.VerifyAsync()).IsSound);

        log.Log.Tamper(sql);

        Assert.StartsWith(told, Assert.Single((await log.Log.VerifyAsync()).Breaks).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_that_was_cut_off_and_what_nobody_has_given_yet_are_counted_and_not_called_fine()
    {
        await using var log = await NotarisedLog.CreateAsync(postgres);
        await using var notariser = log.NewNotariser();
        await log.SplitAsync(20_000);
        await log.NotariseAsync(notariser);
        await log.SplitAsync(20_000);
        await log.NotariseAsync(notariser);
        log.Log.Tamper($"delete from {Steps} where number > 2; delete from {Rows} where number > 2");

        var verdict = await log.VerifyAsync();
        Assert.Equal((2, 1), (verdict.Planned, verdict.SealsBehind));
        Assert.Equal(2, Assert.Single((await log.VerifyAsync(new EvidenceCheck(null, null))).Notaries).NotChecked);
    }

    static void Keep(NotarisedLog log, string sql) => PostgresFixture.Execute(log.Log.Options, sql);
}
