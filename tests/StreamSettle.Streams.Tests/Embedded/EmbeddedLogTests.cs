using System.Diagnostics;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class EmbeddedLogTests : IDisposable
{
    static readonly TopicPartition Orders = new("orders", 0);
    static readonly TopicPartition Due = new("due", 0);

    readonly TempDirectory temp = new();
    EmbeddedLog log;

    public EmbeddedLogTests() => log = Open();

    public void Dispose()
    {
        log.Close();
        temp.Dispose();
    }

    [Fact]
    public void All_parts_of_a_commit_are_there_after_a_reopen()
    {
        using (var client = log.OpenClient("app", "1"))
        {
            var commit = new LogCommit();
            commit.Outputs.Add((Orders, LogHarness.Batch("a", "b")));
            commit.Positions.Add((Due, 0));
            commit.Metadata.Add(("lsn", [1, 2]));
            commit.Put("totals", 3, "m", "100");
            client.Commit(commit);
        }

        Reopen();

        Assert.Equal(["a", "b"], log.ReadAll(Orders));
        Assert.Equal(2, log.EndOffset(Orders));
        Assert.Equal([1, 2], log.ReadMetadata("lsn"));
        Assert.Null(log.ReadMetadata("other"));
        Assert.Equal("100", log.Get("totals", 3, "m"));
        Assert.Null(log.Get("totals", 2, "m"));
    }

    [Fact]
    public void The_moves_of_some_partitions_change_with_their_ends_and_with_no_others()
    {
        var moves = log.MovesOf([Orders]);
        var seen = moves();
        using var client = log.OpenClient("app", "1");
        client.Append(Due, "a");
        Assert.Equal(seen, moves());

        client.Append(Orders, "a");
        Assert.NotEqual(seen, moves());
    }

    [Fact]
    public void A_global_store_is_one_for_all_tasks()
    {
        var global = new StoreSpec("merchants", Global: true);
        using var client = log.OpenClient("app", "1");
        var commit = new LogCommit();
        commit.Put("merchants", 0, "m", "x");
        client.Commit(commit);

        using var store = client.OpenStore(global, new TaskId(0, 3));
        Assert.True(store.TryGet("m"u8, out _));
        Assert.True(log.OpenCommittedView(global, 2).TryGet("m"u8, out _));
    }

    [Fact]
    public void A_store_reads_what_its_client_committed()
    {
        using var client = log.OpenClient("app", "1");
        using var store = client.OpenStore(new StoreSpec("totals"), new TaskId(1, 2));
        Assert.False(store.TryGet("m"u8, out _));

        var commit = new LogCommit();
        commit.Put("totals", 2, "m", "1");
        client.Commit(commit);
        Assert.True(store.TryGet("m"u8, out var value));
        Assert.Equal("1"u8, value);

        commit.Clear();
        commit.Put("totals", 2, "m", null);
        client.Commit(commit);
        Assert.False(store.TryGet("m"u8, out _));
    }

    [Fact]
    public void Offsets_go_on_over_batches_and_a_reader_may_start_inside_of_one()
    {
        using var client = log.OpenClient("app", "1");
        client.Append(Orders, "a", "b", "c");
        client.Append(Orders, "d");
        client.Append(Orders, "e", "f");

        Assert.Equal(["a", "b", "c", "d", "e", "f"], log.ReadAll(Orders));
        Assert.Equal(["c", "d", "e", "f"], log.ReadAll(Orders, 2));
        Assert.Equal(["f"], log.ReadAll(Orders, 5));
        Assert.Empty(log.ReadAll(Orders, 6));
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(7, 1 << 20)]
    [InlineData(5000, 1)]
    [InlineData(5000, 100_000)]
    public void A_poll_keeps_its_bounds_and_the_next_goes_on_where_it_ended(int pollRecords, int pollBytes)
    {
        log.Close();
        log = LogHarness.Open(temp.Below("state"), pollRecords: pollRecords, pollBytes: pollBytes);
        using var client = log.OpenClient("app", "1");
        string[] values = [.. Enumerable.Range(0, 100).Select(i => i + new string('x', i % 10 * 1000))];
        client.Append(Orders, values);

        client.Assign([(Orders, 0)]);
        var read = new List<string>();
        for (var more = client.Poll(); more.Count > 0; more = client.Poll())
        {
            Assert.True(more.Count <= pollRecords);
            Assert.True(more.Count == 1 || more.Sum(record => record.Value.Length) <= pollBytes);
            Assert.Equal(read.Count, more[0].Offset);
            read.AddRange(more.Select(record => record.Value));
        }

        Assert.Equal(values, read);
    }

    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(3, 1 << 20)]
    [InlineData(5000, 1)]
    [InlineData(5000, 2_500)]
    [InlineData(5000, 1 << 20)]
    public void So_does_one_of_batches_that_came_singly(int pollRecords, int pollBytes)
    {
        log.Close();
        log = LogHarness.Open(temp.Below("state"), pollRecords: pollRecords, pollBytes: pollBytes);
        using var client = log.OpenClient("app", "1");
        string[] values = [.. Enumerable.Range(0, 8).Select(i => i + new string('x', 1000))];
        client.Append(Orders, values[0], values[1]);
        Array.ForEach(values[2..], value => client.Append(Orders, value));

        client.Assign([(Orders, 0)]);
        var read = new List<string>();
        for (var more = client.Poll(); more.Count > 0; more = client.Poll())
        {
            Assert.True(more.Count <= pollRecords);
            Assert.True(more.Count == 1 || more.Sum(record => record.Value.Length) <= pollBytes);
            read.AddRange(more.Select(record => record.Value));
        }

        Assert.Equal(values, read);
    }

    [Fact]
    public void A_batch_larger_than_a_stored_piece_comes_back_whole()
    {
        using var client = log.OpenClient("app", "1");
        string[] values = [.. Enumerable.Range(0, 3000).Select(i => i + new string('y', 700)), new string('z', 3_000_000), "last"];
        client.Append(Orders, values);
        client.Append(Orders, "after");

        Assert.Equal([.. values, "after"], log.ReadAll(Orders));
    }

    [Fact]
    public void A_full_partition_does_not_starve_the_others()
    {
        log.Close();
        log = LogHarness.Open(temp.Below("state"), pollRecords: 2);
        using var client = log.OpenClient("app", "1");
        var other = new TopicPartition("orders", 1);
        client.Append(Orders, Enumerable.Range(0, 100).Select(i => $"{i}"));
        client.Append(other, "x");

        client.Assign([(Orders, 0), (other, 0)]);
        Assert.Contains(client.Poll(), record => record.Partition == other);
    }

    [Fact]
    public void A_paused_partition_brings_nothing_until_it_is_resumed()
    {
        using var client = log.OpenClient("app", "1");
        client.Append(Orders, "a");
        client.Assign([(Orders, 0)]);
        client.Pause(Orders);
        Assert.Empty(client.Poll());

        client.Resume(Orders);
        Assert.Single(client.Poll());
    }

    [Fact]
    public async Task A_commit_of_another_client_ends_the_wait()
    {
        using var reader = log.OpenClient("app", "1");
        using var writer = log.OpenClient("other", "1");
        reader.Assign([(Orders, 0)]);
        var read = Task.Factory.StartNew(() => reader.Poll(LogHarness.Long), TaskCreationOptions.LongRunning);
        writer.Append(Orders, "a");

        Assert.Equal("a", Assert.Single(await read.WaitAsync(LogHarness.Long)).Value);
    }

    [Fact]
    public async Task A_wake_up_ends_the_wait_that_is_or_the_next_one()
    {
        using var client = log.OpenClient("app", "1");
        var started = Stopwatch.GetTimestamp();
        client.Wake();
        Assert.Empty(client.Poll(LogHarness.Long));

        var waiting = Task.Factory.StartNew(() => client.Poll(LogHarness.Long), TaskCreationOptions.LongRunning);
        client.Wake();
        Assert.Empty(await waiting.WaitAsync(LogHarness.Long));
        Assert.True(Stopwatch.GetElapsedTime(started) < LogHarness.Long);
    }

    [Fact]
    public async Task Two_clients_that_commit_at_once_give_every_record_its_own_offset()
    {
        const int Commits = 200;
        var writers = Enumerable.Range(0, 2).Select(writer => Task.Factory.StartNew(
            () =>
            {
                using var client = log.OpenClient("app", $"{writer}");
                for (var i = 0; i < Commits; i++)
                {
                    client.Append(Orders, $"{writer}:{i}:a", $"{writer}:{i}:b");
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        await Task.WhenAll(writers);

        var values = log.ReadAll(Orders);
        Assert.Equal(2 * 2 * Commits, values.Count);
        for (var writer = 0; writer < 2; writer++)
        {
            Assert.Equal(
                Enumerable.Range(0, Commits).SelectMany(i => new[] { $"{writer}:{i}:a", $"{writer}:{i}:b" }),
                values.Where(value => value.StartsWith($"{writer}:", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_closed_log_refuses_in_words()
    {
        var client = log.OpenClient("app", "1");
        var view = log.OpenCommittedView(new StoreSpec("totals"), 0);
        log.Close();

        Assert.Throws<ObjectDisposedException>(() => client.Poll());
        Assert.Throws<ObjectDisposedException>(() => client.Append(Orders, "a"));
        Assert.Throws<ObjectDisposedException>(() => view.TryGet("k"u8, out _));
        Assert.Throws<ObjectDisposedException>(() => log.ReadMetadata("lsn"));
    }

    EmbeddedLog Open()
    {
        var opened = LogHarness.Open(temp.Below("state"));
        opened.EnsureTopics([new TopicSpec("orders", 4, TopicRetention.Keep), new TopicSpec("due", 4, TopicRetention.PurgeConsumed)]);
        return opened;
    }

    void Reopen()
    {
        log.Close();
        log = Open();
    }
}
