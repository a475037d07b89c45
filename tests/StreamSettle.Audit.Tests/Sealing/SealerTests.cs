using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Marten.Verifying;
using StreamSettle.Audit.Tests.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>Sealing goes on from wherever it was ended, by whoever comes next.</summary>
public sealed class SealerTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>A round ends at its first write, between its writes, at its commit: by an error, and by the end of its session, as kill -9 ends it.</summary>
    [Theory]
    [InlineData("before insert on settlement.streamsettle_leaves", "")]
    [InlineData("after insert on settlement.streamsettle_leaves", "")]
    [InlineData("after insert on settlement.streamsettle_seals", "")]
    [InlineData("after insert on settlement.streamsettle_seals", "deferrable initially deferred")]
    public async Task A_round_that_is_cut_off_leaves_nothing_and_the_next_makes_the_seal(string fires, string deferred)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(300);
        foreach (var end in (string[])["raise exception 'cut off'", "perform pg_terminate_backend(pg_backend_pid())"])
        {
            var before = (await log.VerifyAsync()).Seals;
            await log.AppendAsync(300);
            PostgresFixture.Execute(log.Options, $"create function cut() returns trigger language plpgsql as $$ begin {end}; return new; end $$; create {(deferred.Length > 0 ? "constraint " : "")}trigger cut {fires} {deferred} for each row execute function cut()");
            await Assert.ThrowsAnyAsync<Exception>(() => log.Sealer.SealNowAsync(Never));
            Assert.Equal((before, 300), await SoundAsync(log));

            PostgresFixture.Execute(log.Options, "drop function cut cascade");
            await using var next = log.NewSealer();
            await next.SealNowAsync(Never);
            Assert.Equal((before + 1, 0), await SoundAsync(log));
        }
    }

    [Fact]
    public async Task While_it_fails_it_says_why_and_goes_on_by_itself()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        PostgresFixture.Execute(log.Options, "alter table settlement.streamsettle_seals rename to away");
        await log.AppendAsync(3);
        using var stop = new CancellationTokenSource();
        var running = log.Sealer.RunAsync(stop.Token);

        Assert.True(SpinWait.SpinUntil(() => log.Sealer.Status.FailingSince is not null, Bound));
        Assert.Contains("streamsettle_seals", log.Sealer.Status.Reason, StringComparison.Ordinal);
        PostgresFixture.Execute(log.Options, "alter table settlement.away rename to streamsettle_seals");

        Assert.True(SpinWait.SpinUntil(() => log.Sealer.Status is { FailingSince: null, Last.Events: 3 }, Bound));
        await stop.CancelAsync();
        await running.WaitAsync(Bound);
    }

    [Fact]
    public async Task Instances_that_seal_at_once_while_others_append_make_one_chain()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        using var stop = new CancellationTokenSource();
        var sealers = Enumerable.Range(0, 3).Select(_ => log.NewSealer(events: 100)).ToArray();
        var running = sealers.Select(sealer => Task.Run(() => sealer.RunAsync(stop.Token))).ToArray();
        var appended = 0;
        for (var began = TimeProvider.System.GetTimestamp(); appended < 2100 || (sealers.All(sealer => sealer.Status.Last is not { Number: >= 2 }) && TimeProvider.System.GetElapsedTime(began) < Bound); appended += 70)
        {
            await log.AppendAsync(70);
        }

        await log.Sealer.SealNowAsync(Never);
        Assert.True(SpinWait.SpinUntil(() => sealers.All(sealer => sealer.Status.Last?.Events == appended), Bound));
        await stop.CancelAsync();
        await Task.WhenAll(running).WaitAsync(Bound);

        var (seals, notSealed) = await SoundAsync(log);
        Assert.Equal(0, notSealed);
        Assert.InRange(seals, 2, appended);
        foreach (var sealer in sealers)
        {
            await sealer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_backlog_is_sealed_in_parts()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.AppendAsync(1000);
        await using var sealer = log.NewSealer(events: 300);

        Assert.Equal((4, 1000), ((await sealer.SealNowAsync(Never))!.Number, sealer.Status.Last!.Events));
        await SoundAsync(log);
    }

    [Fact]
    public async Task A_rotated_key_goes_on_under_its_own_name_and_an_exchanged_one_is_refused()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(2);
        await log.AppendAsync(2);
        using var exchanged = SealedLog.NewKey("2026-a");
        await using (var wrong = log.NewSealer(exchanged))
        {
            var refused = await Assert.ThrowsAsync<UserMistakeException>(() => wrong.SealNowAsync(Never));
            Assert.Contains("another name in Audit:Seal:Name", refused.Message, StringComparison.Ordinal);
        }

        using var rotated = SealedLog.NewKey(null);
        await using (var next = log.NewSealer(rotated))
        {
            Assert.Equal((2, rotated.Id), ((await next.SealNowAsync(Never))!.Number, next.Status.Last!.Key));
        }

        Assert.Equal(16, rotated.Id.Length);
        Assert.True((await log.VerifyAsync([log.Key, rotated])).IsSound);
        Assert.Contains($"key '{rotated.Id}', which is not among the known ones (2026-a)", Assert.Single((await log.VerifyAsync([log.Key])).Breaks).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_hashes_that_are_not_the_seals_and_seals_that_are_gone_stop_it()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(300, 5);
        log.Tamper("update settlement.streamsettle_leaves set hashes = set_byte(hashes, 0, 255 - get_byte(hashes, 0)) where first = 300");
        await log.AppendAsync(1);
        await using (var next = log.NewSealer())
        {
            Assert.Contains("not those that seal 2 was made over", (await Assert.ThrowsAsync<CorruptStateException>(() => next.SealNowAsync(Never))).Message, StringComparison.Ordinal);
        }

        log.Tamper("delete from settlement.streamsettle_seals where number = 2");
        Assert.Contains("seal 2, which was made at", (await Assert.ThrowsAsync<CorruptStateException>(() => log.Sealer.SealNowAsync(Never))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_writer_seals_and_the_auditor_verifies_and_neither_alters_a_seal()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        using var key = SealedLog.NewKey("k");
        await using var log = new MartenEventLog(roles.Writer);
        await log.RegisterLogAsync(new(Log), Never);
        await log.AppendAsync(Batch(0, (42, Scheduled()), (42, Due())), Never);
        await using var sealer = new EventLogSealer(roles.Writer, new() { Key = key }, Log, TimeProvider.System);
        await sealer.SealNowAsync(Never);

        await using var verifier = new EventLogVerifier(roles.Auditor);
        Assert.True((await verifier.VerifyAsync([key], [], Never)).IsSound);
        foreach (var table in (string[])["streamsettle_seals", "streamsettle_leaves"])
        {
            foreach (var sql in (string[])[$"delete from settlement.{table}", $"truncate settlement.{table}", $"update settlement.{table} set {(table.EndsWith("seals", StringComparison.Ordinal) ? "number" : "first")} = 7"])
            {
                Assert.All((AuditOptions[])[roles.Owner, roles.Writer, roles.Auditor], role => Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(role, sql)));
            }

            Assert.Throws<Npgsql.PostgresException>(() => PostgresFixture.Execute(roles.Auditor, $"insert into settlement.{table} default values"));
        }
    }

    /// <returns>Seals, and events behind them.</returns>
    static async Task<(int Seals, long NotSealed)> SoundAsync(SealedLog log)
    {
        var verdict = await log.VerifyAsync();
        Assert.True(verdict.IsSound, string.Join('\n', verdict.Breaks));
        return (verdict.Seals, verdict.NotSealed);
    }
}
