using StreamSettle.Audit.EventLog;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.EventLog;

/// <summary>What every event log does, in memory or in PostgreSQL.</summary>
public abstract class EventLogContract
{
    static readonly CancellationToken Never = CancellationToken.None;

    protected abstract Task<IEventLog> NewLogAsync();

    [Fact]
    public async Task A_new_log_is_empty_and_belongs_to_nobody()
    {
        var log = await NewLogAsync();

        Assert.Equal(new EventLogState(true, null), await log.OpenAsync(Never));
        Assert.Empty(await log.ReadPositionsAsync(Log, Never));
        Assert.Empty(await log.ReadStreamAsync(new OrderId(42), Never));
        Assert.Equal(new EventLogCounts(0, 0), await log.CountsAsync(Never));
    }

    [Fact]
    public async Task Opening_again_changes_nothing()
    {
        var log = await Opened();
        await log.AppendAsync(Batch(0, (42, Scheduled())), Never);

        Assert.Equal(new EventLogState(false, new LogRegistration(Log, "7312", "streamsettle")), await log.OpenAsync(Never));
        Assert.Single(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task Events_come_back_in_order_with_versions_ids_and_bodies()
    {
        var log = await Opened();
        SettlementEvent[] happened = [Scheduled(), Due(), Calculated(), Confirmed()];

        await log.AppendAsync(Batch(0, [.. happened.Select(one => (42L, one))]), Never);

        var stored = await log.ReadStreamAsync(new OrderId(42), Never);
        Assert.Equal([1, 2, 3, 4], stored.Select(one => one.Version));
        Assert.Equal(["settlement_scheduled", "settlement_due", "settlement_calculated", "delivery_confirmed"], stored.Select(one => one.Type));
        Assert.Equal(happened.Select(one => EventIds.Derive(new OrderId(42), one.Kind(), one.Cause)), stored.Select(one => one.Id));
        Assert.Equal(happened.Select(one => one.Cause), stored.Select(one => one.Cause));
        Assert.Equal(happened.Select(EventJson.Write), stored.Select(one => EventJson.Write(one.Event()!)));
        Assert.Equal(stored.Select(one => one.Sequence).Order(), stored.Select(one => one.Sequence));
    }

    [Fact]
    public async Task Versions_go_on_over_batches_and_partitions()
    {
        var log = await Opened();
        await log.AppendAsync(Batch(0, (1, Scheduled("a")), (2, Scheduled("a")), (1, Due("b"))), Never);
        await log.AppendAsync(Batch(Log, new SourcePartition("settlement-events", 1), 0, (1, Scheduled("c")), (3, Scheduled("a"))), Never);
        await log.AppendAsync(Batch(3, (2, Due("d")), (1, Due("d"))), Never);

        Assert.Equal(["a", "b", "c", "d"], (await log.ReadStreamAsync(new OrderId(1), Never)).Select(one => one.Cause));
        Assert.Equal([1, 2, 3, 4], (await log.ReadStreamAsync(new OrderId(1), Never)).Select(one => one.Version));
        Assert.Equal([1, 2], (await log.ReadStreamAsync(new OrderId(2), Never)).Select(one => one.Version));
        Assert.Equal(new EventLogCounts(7, 3), await log.CountsAsync(Never));
    }

    [Fact]
    public async Task The_same_batch_twice_adds_nothing_the_second_time()
    {
        var log = await Opened();
        var batch = Batch(0, (42, Scheduled()), (42, Due()), (43, Scheduled()));

        var first = await log.AppendAsync(batch, Never);
        var second = await log.AppendAsync(batch, Never);

        Assert.Equal((3, 0, 3L), (first.Appended, first.Replayed, first.Positions[Partition]));
        Assert.Equal((0, 3, 3L), (second.Appended, second.Replayed, second.Positions[Partition]));
        Assert.Equal(new EventLogCounts(3, 2), await log.CountsAsync(Never));
    }

    [Fact]
    public async Task Of_an_overlapping_batch_only_what_is_new_is_added()
    {
        var log = await Opened();
        await log.AppendAsync(Batch(10, (42, Scheduled("a")), (42, Due("b"))), Never);

        var result = await log.AppendAsync(Batch(11, (42, Due("b")), (42, Due("c"))), Never);

        Assert.Equal((1, 1, 13L), (result.Appended, result.Replayed, result.Positions[Partition]));
        Assert.Equal(["a", "b", "c"], (await log.ReadStreamAsync(new OrderId(42), Never)).Select(one => one.Cause));
    }

    [Fact]
    public async Task An_event_whose_id_its_stream_has_is_left_out_even_at_a_new_position()
    {
        var log = await Opened();
        await log.AppendAsync(Batch(0, (42, Scheduled("a"))), Never);

        var result = await log.AppendAsync(Batch(1, (42, Scheduled("a")), (42, Due("b")), (42, Due("b"))), Never);

        Assert.Equal((1, 2, 4L), (result.Appended, result.Replayed, result.Positions[Partition]));
        Assert.Equal([1, 2], (await log.ReadStreamAsync(new OrderId(42), Never)).Select(one => one.Version));
        Assert.Equal(new EventLogCounts(2, 1), await log.CountsAsync(Never));
    }

    [Fact]
    public async Task Positions_never_go_back()
    {
        var log = await Opened();
        await log.AppendAsync(Batch(10, (42, Scheduled("a"))), Never);
        await log.AppendAsync(Batch(3, (42, Due("b"))), Never);

        Assert.Equal(11, (await log.ReadPositionsAsync(Log, Never))[Partition]);
        Assert.Single(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task Two_writers_that_race_over_the_same_records_write_them_once()
    {
        var log = await Opened();
        var batches = Enumerable.Range(0, 20).Select(round => Batch(
            round * 10, [.. Enumerable.Range(0, 10).Select(i => ((long)(i % 4), (SettlementEvent)Due($"{round}.{i}")))])).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            foreach (var batch in batches)
            {
                await log.AppendAsync(batch, Never);
            }
        })));

        Assert.Equal(new EventLogCounts(200, 4), await log.CountsAsync(Never));
        for (var order = 0; order < 4; order++)
        {
            var stream = await log.ReadStreamAsync(new OrderId(order), Never);
            Assert.Equal(Enumerable.Range(1, stream.Count).Select(version => (long)version), stream.Select(one => one.Version));
            Assert.Equal(stream.Count, stream.Select(one => one.Id).Distinct().Count());
        }
    }

    [Fact]
    public async Task Writers_of_two_partitions_that_meet_on_one_stream_leave_no_gap()
    {
        var log = await Opened();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(partition => Task.Run(async () =>
        {
            for (var round = 0; round < 20; round++)
            {
                var source = new SourcePartition("settlement-events", partition);
                await log.AppendAsync(Batch(Log, source, round * 2, (round, Due($"{partition}.{round}.a")), (42, Due($"{partition}.{round}.b"))), Never);
            }
        })));

        var stream = await log.ReadStreamAsync(new OrderId(42), Never);
        Assert.Equal(Enumerable.Range(1, 40).Select(version => (long)version), stream.Select(one => one.Version));
        Assert.Equal(new EventLogCounts(80, 21), await log.CountsAsync(Never));
    }

    [Fact]
    public async Task An_event_log_that_is_anothers_is_never_taken_over_whether_it_has_events_or_not()
    {
        var log = await Opened();
        Assert.IsType<RegisterLogResult.Known>(await log.RegisterLogAsync(new(Log), Never));
        foreach (var hasEvents in new[] { false, true })
        {
            var refused = Assert.IsType<RegisterLogResult.OtherLog>(await log.RegisterLogAsync(new(AnotherLog), Never));
            Assert.Equal(new LogRegistration(Log, "7312", "streamsettle"), refused.Owner);

            // The healthy service goes on.
            await log.AppendAsync(Batch(hasEvents ? 1 : 0, (42, hasEvents ? Due() : Scheduled())), Never);
        }

        Assert.Equal(2, (await log.ReadPositionsAsync(Log, Never))[Partition]);
    }

    [Fact]
    public async Task A_start_that_failed_takes_its_registration_back_unless_events_were_written_under_it()
    {
        var log = await Opened();
        await log.WithdrawLogAsync(AnotherLog, Never);
        Assert.IsType<RegisterLogResult.Known>(await log.RegisterLogAsync(new(Log), Never));
        await log.WithdrawLogAsync(Log, Never);
        Assert.IsType<RegisterLogResult.Registered>(await log.RegisterLogAsync(new(AnotherLog), Never));

        await log.AppendAsync(Batch(AnotherLog, Partition, 0, (42, Scheduled())), Never);
        await log.WithdrawLogAsync(AnotherLog, Never);
        Assert.IsType<RegisterLogResult.Known>(await log.RegisterLogAsync(new(AnotherLog), Never));
    }

    [Fact]
    public async Task Of_services_that_register_at_once_one_gets_the_event_log()
    {
        var log = await NewLogAsync();
        await log.OpenAsync(Never);

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => log.RegisterLogAsync(new(new Guid(i + 1, 0, 0, new byte[8])), Never))));

        Assert.Single(results, result => result is RegisterLogResult.Registered);
        Assert.Equal(5, results.Count(result => result is RegisterLogResult.OtherLog));
    }

    [Fact]
    public async Task A_log_that_is_not_the_registered_one_cannot_append()
    {
        var log = await Opened();

        var refused = await Assert.ThrowsAsync<UserMistakeException>(() => log.AppendAsync(Batch(AnotherLog, Partition, 0, (42, Scheduled())), Never));

        Assert.Contains("Stop one of them", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task A_reason_with_any_characters_is_kept()
    {
        var log = await Opened();
        var reason = "quote \" backslash \\u0000 nul \0 umlaut ü emoji 😀 lone \ud800 end";

        await log.AppendAsync(Batch(0, (42, new SettlementCancelled("c", RecordedAt, reason))), Never);

        var stored = (SettlementCancelled)(await log.ReadStreamAsync(new OrderId(42), Never)).Single().Event()!;
        Assert.Equal("quote \" backslash \\u0000 nul \ufffd umlaut ü emoji 😀 lone \ufffd end", stored.Reason);
    }

    [Fact]
    public async Task Amounts_of_63_bits_are_kept_to_the_unit()
    {
        var log = await Opened();

        await log.AppendAsync(Batch(0, (42, new ReversalRequested("r", RecordedAt, 1, long.MaxValue, RecordedAt))), Never);

        Assert.Equal(long.MaxValue, ((ReversalRequested)(await log.ReadStreamAsync(new OrderId(42), Never)).Single().Event()!).Refunded);
    }

    [Fact]
    public async Task A_full_batch_is_one_append()
    {
        var log = await Opened();
        var batch = new EventBatch(Log);
        for (var i = 0; !batch.IsFull; i++)
        {
            batch.Add(Partition, i, Record(i / 8, Due($"{i}")));
        }

        Assert.Equal(EventBatch.MaxEvents, (await log.AppendAsync(batch, Never)).Appended);
        Assert.Equal(new EventLogCounts(EventBatch.MaxEvents, EventBatch.MaxEvents / 8), await log.CountsAsync(Never));
    }

    async Task<IEventLog> Opened() => await Opened(await NewLogAsync());

    protected static async Task<IEventLog> Opened(IEventLog log)
    {
        await log.OpenAsync(Never);
        await log.RegisterLogAsync(new(Log, "7312", "streamsettle"), Never);
        return log;
    }
}
