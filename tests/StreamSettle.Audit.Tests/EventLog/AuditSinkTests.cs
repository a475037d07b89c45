using Microsoft.Extensions.Time.Testing;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;
using Xunit;
using static StreamSettle.Audit.Tests.EventLog.Sample;

namespace StreamSettle.Audit.Tests.EventLog;

public sealed class AuditSinkTests
{
    static readonly CancellationToken Never = CancellationToken.None;
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
    readonly FaultyEventLog log;

    public AuditSinkTests()
    {
        log = new(new MemoryEventLog(time));
        log.RegisterLogAsync(new(Log), Never).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task What_was_added_is_in_the_log_after_a_flush()
    {
        var sink = Open();
        Add(sink, 0, 42, "a");
        Add(sink, 1, 42, "b");
        Assert.Equal(2, sink.Pending);
        Assert.Empty(await log.ReadStreamAsync(new OrderId(42), Never));

        sink.Flush();

        Assert.Equal(["a", "b"], (await log.ReadStreamAsync(new OrderId(42), Never)).Select(one => one.Cause));
        Assert.Equal((0, new SinkStatus.Ok(0)), (sink.Pending, sink.Status));
    }

    [Fact]
    public void A_flush_of_nothing_asks_nothing_of_the_log()
    {
        var sink = Open();

        sink.Flush();

        Assert.Equal(0, log.Appends);
    }

    [Fact]
    public async Task More_than_a_batch_goes_in_several_appends_in_order()
    {
        var sink = Open();
        for (var i = 0; i < EventBatch.MaxEvents * 2 + 1; i++)
        {
            Add(sink, i, i % 3, $"{i}");
        }

        sink.Flush();

        Assert.Equal(3, log.Appends);
        Assert.Equal(EventBatch.MaxEvents * 2 + 1, (await log.CountsAsync(Never)).Events);
        var causes = (await log.ReadStreamAsync(new OrderId(1), Never)).Select(one => int.Parse(one.Cause)).ToArray();
        Assert.Equal(causes.Order(), causes);
    }

    [Fact]
    public void After_a_restart_what_is_stored_is_not_sent_again()
    {
        var before = Open();
        Add(before, 0, 42, "a");
        Add(before, 1, 42, "b");
        before.Flush();

        var after = Open();
        Add(after, 0, 42, "a");
        Add(after, 1, 42, "b");

        Assert.Equal(0, after.Pending);
        Add(after, 2, 42, "c");
        Assert.Equal(1, after.Pending);
    }

    [Fact]
    public async Task An_append_whose_answer_got_lost_is_repeated_and_adds_nothing_more()
    {
        log.FailAfterNextAppend = true;
        var sink = Open();
        Add(sink, 0, 42, "a");

        await FlushWhileTimePasses(sink);

        Assert.Equal(2, log.Appends);
        Assert.Single(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task While_the_log_is_away_the_sink_waits_and_says_since_when_and_why()
    {
        var sink = Open();
        Add(sink, 0, 42, "a");
        log.Away = "connection refused";
        var flush = Task.Factory.StartNew(() => sink.Flush(), TaskCreationOptions.LongRunning);
        Until(() => sink.Status is SinkStatus.Waiting);

        Assert.Equal(new SinkStatus.Waiting(new(0), "connection refused", 1), sink.Status);

        log.Away = null;
        await PassTimeUntil(flush);
        Assert.Equal(new SinkStatus.Ok(0), sink.Status);
        Assert.Single(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task A_flush_that_is_cancelled_keeps_what_it_could_not_append()
    {
        using var stop = new CancellationTokenSource();
        var sink = new AuditSink(log, Log, time, stop.Token);
        Add(sink, 0, 42, "a");
        log.Away = "connection refused";
        var flush = Task.Factory.StartNew(sink.Flush, TaskCreationOptions.LongRunning);
        Until(() => sink.Status is SinkStatus.Waiting);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);

        Assert.Equal(1, sink.Pending);
        Assert.Empty(await log.ReadStreamAsync(new OrderId(42), Never));
    }

    [Fact]
    public async Task The_first_record_waits_for_a_log_that_is_away_and_nothing_is_known_before_it()
    {
        log.Away = "connection refused";
        var sink = Open();
        Assert.Null(sink.Status);
        var add = Task.Factory.StartNew(() => Add(sink, 0, 42, "a"), TaskCreationOptions.LongRunning);
        Until(() => sink.Status is SinkStatus.Waiting);

        log.Away = null;
        await PassTimeUntil(add);
        Assert.Equal((1, new SinkStatus.Ok(0)), (sink.Pending, sink.Status));
    }

    [Fact]
    public void A_mistake_is_not_repeated()
    {
        var sink = new AuditSink(log, AnotherLog, time, Never);
        Add(sink, 0, 42, "a");

        Assert.Throws<UserMistakeException>(() => sink.Flush());

        Assert.Equal(1, log.Appends);
    }

    [Fact]
    public async Task Records_that_are_read_again_before_the_flush_are_kept_once()
    {
        var sink = Open();
        Add(sink, 5, 42, "a");
        Add(sink, 6, 42, "b");
        Add(sink, 5, 42, "a");
        Add(sink, 6, 42, "b");
        Add(sink, 7, 42, "c");

        Assert.Equal(3, sink.Pending);
        sink.Flush();
        Assert.Equal(["a", "b", "c"], (await log.ReadStreamAsync(new OrderId(42), Never)).Select(one => one.Cause));
    }

    [Fact]
    public void A_record_that_is_no_event_is_corrupt()
    {
        var sink = Open();

        Assert.Throws<CorruptStateException>(() => sink.Add("settlement-events", 0, 0, [9, 9, 9]));
        Assert.Equal(0, sink.Pending);
    }

    AuditSink Open() => new(log, Log, time, Never);

    static void Add(AuditSink sink, long offset, long order, string cause) =>
        sink.Add(Partition.Topic, Partition.Partition, offset, Record(order, Due(cause)));

    Task FlushWhileTimePasses(AuditSink sink) => PassTimeUntil(Task.Factory.StartNew(() => sink.Flush(), TaskCreationOptions.LongRunning));

    async Task PassTimeUntil(Task done)
    {
        Until(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return done.IsCompleted;
        });
        await done;
    }

    static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Bound), "the condition did not come in time");
}
