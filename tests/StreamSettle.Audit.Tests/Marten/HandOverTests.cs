using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Tests.Postgres;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.Marten;

/// <summary>An event log whose log lost its state: it is read as a whole, and given to another one.</summary>
public sealed class HandOverTests(PostgresFixture postgres)
{
    static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task The_new_log_goes_on_from_the_start_and_the_old_one_can_append_nothing()
    {
        var roles = await AuditRoles.NewAsync(postgres);
        await using var log = new MartenEventLog(roles.Writer);
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        await log.KeepChoiceAsync(Log, "all", Never);
        Assert.True(await log.KeepHoldsAsync(Log, "[]", Never));
        await log.AppendAsync(Batch(0, (42, Scheduled()), (42, Due())), Never);

        await log.HandOverAsync(Log, new(AnotherLog), Never);

        Assert.IsType<RegisterLogResult.Known>(await log.RegisterLogAsync(new(AnotherLog), Never));
        await Assert.ThrowsAsync<UserMistakeException>(() => log.AppendAsync(Batch(2, (42, Calculated())), Never));
        Assert.Equal(0, (await log.ReadPositionsAsync(AnotherLog, Never))[Partition]);
        Assert.Equal(1, (await log.AppendAsync(Batch(AnotherLog, Partition, 0, (42, Due()), (42, Calculated())), Never)).Appended);
        Assert.Equal([1, 2, 3], (await log.ReadStreamAsync(new(42), Never)).Select(one => one.Version));
        Assert.Equal(new(3, 1), await log.CountsAsync(Never));
        Assert.Equal(("all", "[]"), (await log.ReadChoiceAsync(AnotherLog, Never), await log.ReadHoldsAsync(AnotherLog, Never)));
    }

    [Fact]
    public async Task One_that_belongs_to_somebody_else_by_now_is_not_given_away()
    {
        await using var log = new MartenEventLog(await postgres.NewDatabaseAsync());
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(AnotherLog), Never);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => log.HandOverAsync(Log, new(Guid.NewGuid()), Never));
        Assert.Contains("does not belong to the log", refused.Message, StringComparison.Ordinal);
        Assert.IsType<RegisterLogResult.Known>(await log.RegisterLogAsync(new(AnotherLog), Never));
    }

    [Fact]
    public async Task Orders_are_read_one_after_the_other_with_their_events_in_order()
    {
        await using var log = new MartenEventLog(await postgres.NewDatabaseAsync());
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log), Never);
        await log.AppendAsync(Batch(0, (42, Scheduled()), (-7, Scheduled()), (42, Due()), (9, Scheduled()), (42, Calculated()), (-7, Due())), Never);

        Dictionary<OrderId, string> read = [];
        Assert.Equal(3, await log.ReadOrdersAsync(
            (order, events) =>
            {
                read.Add(order, string.Join(' ', events.Select(happened => happened.GetType().Name)));
                return Task.CompletedTask;
            },
            Never));

        Assert.Equal("SettlementScheduled SettlementDue SettlementCalculated", read[new(42)]);
        Assert.Equal("SettlementScheduled SettlementDue", read[new(-7)]);
        Assert.Equal("SettlementScheduled", read[new(9)]);
    }

    [Fact]
    public async Task An_event_of_a_later_release_is_named_and_not_passed_over()
    {
        var options = await postgres.NewDatabaseAsync();
        await using var log = new MartenEventLog(options);
        await log.OpenAsync(Never);
        PostgresFixture.Execute(
            options,
            "insert into settlement.mt_streams (id, version) values ('42', 1); insert into settlement.mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (1, gen_random_uuid(), '42', 1, '{}', 'settlement_paused', now())");

        var refused = await Assert.ThrowsAsync<UserMistakeException>(() => log.ReadOrdersAsync((_, _) => Task.CompletedTask, Never));
        Assert.Contains("Order 42 has an event 'settlement_paused'", refused.Message, StringComparison.Ordinal);
    }
}
