using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StreamSettle.Audit.Marten.Sealing;
using StreamSettle.Audit.Tests.Postgres;
using Xunit;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>Up to where a seal may go while others append, and when one is made.</summary>
public sealed class HorizonTests(PostgresFixture postgres)
{
    const string Insert = """
        insert into settlement.mt_streams (id, version) values ('900', 1);
        insert into settlement.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (currval('settlement.mt_events_sequence'), gen_random_uuid(), '900', 1, '{}', 'settlement_due', now())
        """;

    static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>By the last transaction that has ended, as snapshots count, it would be passed over when it is the newest of all.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task An_append_that_has_drawn_its_number_is_waited_for_whether_others_have_ended_since_or_not(int since)
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        await log.SealAsync(3);
        await using var slow = new NpgsqlConnection(log.Options.ConnectionString + ";Pooling=false");
        await slow.OpenAsync(Never);
        await using var transaction = await slow.BeginTransactionAsync(Never);
        await RunAsync(slow, "select pg_current_xact_id(); select nextval('settlement.mt_events_sequence')");
        if (since > 0)
        {
            await log.AppendAsync(since);
        }

        for (var look = 0; look < 5; look++)
        {
            await log.Sealer.StepAsync(atOnce: true, Never);
            Assert.Equal(3, log.Sealer.Status.Last!.Events);
        }

        await RunAsync(slow, Insert);
        await transaction.CommitAsync(Never);
        Assert.Equal(4 + since, (await log.Sealer.SealNowAsync(Never))!.Events);
        Assert.True((await log.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task Numbers_that_were_drawn_in_vain_are_no_events_and_hold_up_nothing()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        Assert.Null(await log.Sealer.SealNowAsync(Never));
        PostgresFixture.Execute(log.Options, "select nextval('settlement.mt_events_sequence') from generate_series(1, 3)");

        Assert.Null(await log.Sealer.SealNowAsync(Never));
        var seal = await log.SealAsync(2);

        Assert.Equal((1, 2, 5), (seal.Number, seal.Events, seal.LastSequence));
        Assert.True((await log.VerifyAsync()).IsSound);
    }

    [Fact]
    public async Task A_seal_is_made_when_its_time_has_come_or_enough_events_wait_and_not_before()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var sealer = new EventLogSealer(log.Options, new() { Key = log.Key, Events = 50, Interval = TimeSpan.FromMinutes(1) }, EventLog.Sample.Log, time);
        Assert.Equal(0, await SealsAsync());
        await log.AppendAsync(10);
        Assert.Equal(1, await SealsAsync());

        await log.AppendAsync(10);
        Assert.Equal(1, await SealsAsync());
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(2, await SealsAsync());

        await log.AppendAsync(120);
        Assert.Equal(5, await SealsAsync());
        Assert.Equal(140, sealer.Status.Last!.Events);

        async Task<long> SealsAsync()
        {
            while (await sealer.StepAsync(atOnce: false, Never) != EventLogSealer.LookInterval)
            {
            }

            return sealer.Status.Last?.Number ?? 0;
        }
    }

    [Fact]
    public async Task A_transaction_that_stays_open_delays_seals_and_that_is_told()
    {
        await using var log = await SealedLog.CreateAsync(postgres);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var sealer = new EventLogSealer(log.Options, new() { Key = log.Key }, EventLog.Sample.Log, time);
        await using var open = new NpgsqlConnection(log.Options.ConnectionString + ";Pooling=false");
        await open.OpenAsync(Never);
        await using var transaction = await open.BeginTransactionAsync(Never);
        await RunAsync(open, "select pg_current_xact_id()");
        await log.AppendAsync(1);
        await sealer.StepAsync(atOnce: true, Never);
        await sealer.StepAsync(atOnce: true, Never);
        Assert.Null(sealer.Status.HeldUpSince);

        time.Advance(TimeSpan.FromMinutes(2));
        await sealer.StepAsync(atOnce: true, Never);
        Assert.NotNull(sealer.Status.HeldUpSince);

        await transaction.RollbackAsync(Never);

        // Other tests have transactions on this server too.
        while (sealer.Status.Last is null)
        {
            await sealer.StepAsync(atOnce: true, Never);
        }

        Assert.Equal((1L, null), (sealer.Status.Last!.Events, sealer.Status.HeldUpSince));
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Never);
    }
}
