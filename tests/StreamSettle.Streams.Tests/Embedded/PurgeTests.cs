using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class PurgeTests : IDisposable
{
    const int Enough = 10_000;
    static readonly TopicPartition Due = new("due", 0);
    static readonly TopicPartition Kept = new("kept", 0);

    readonly TempDirectory temp = new();
    EmbeddedLog log;

    public PurgeTests() => log = Open();

    public void Dispose()
    {
        log.Close();
        temp.Dispose();
    }

    [Fact]
    public void What_the_only_group_has_consumed_goes_and_the_offsets_stay()
    {
        using var client = Subscribed("app");
        Fill(client, Due);
        client.CommitPosition(Due, Enough);
        client.Append(Due, "next");

        Assert.Equal(["next"], log.ReadAll(Due));
        Assert.Equal(Enough + 1, log.EndOffset(Due));
        Reopen();
        Assert.Equal(["next"], log.ReadAll(Due));
        Assert.Equal(Enough + 1, log.EndOffset(Due));
    }

    [Fact]
    public void A_partition_purged_to_its_end_goes_on_counting_after_a_reopen()
    {
        using (var client = Subscribed("app"))
        {
            Fill(client, Due);
            client.CommitPosition(Due, Enough);
        }

        Reopen();
        Assert.Equal(Enough, log.EndOffset(Due));
        Assert.Equal(Enough, log.CommittedPosition("late", Due));
        using var writer = log.OpenClient("app", "1");
        writer.Append(Due, "next");
        Assert.Equal(["next"], log.ReadAll(Due, Enough));
    }

    [Fact]
    public void What_another_group_has_not_read_stays_even_when_that_group_is_not_running()
    {
        Subscribed("slow").Dispose();
        Reopen();
        using var client = Subscribed("app");
        Fill(client, Due);
        client.CommitPosition(Due, Enough);

        Assert.Equal(Enough, log.ReadAll(Due).Count);
    }

    [Fact]
    public void Large_records_are_purged_by_their_size()
    {
        using var client = Subscribed("app");
        for (var i = 0; i < 20; i++)
        {
            client.Append(Due, new string('x', 1_000_000));
        }

        client.CommitPosition(Due, 15);

        Assert.Equal(5, log.ReadAll(Due).Count);
    }

    [Fact]
    public void A_topic_to_keep_keeps_all_and_so_does_one_that_nobody_reads()
    {
        using var client = log.OpenClient("app", "1");
        client.Subscribe([["kept"]], new RecordingListener());
        Fill(client, Kept);
        Fill(client, Due);
        client.CommitPosition(Kept, Enough);

        Assert.Equal(Enough, log.ReadAll(Kept).Count);
        Assert.Equal(Enough, log.ReadAll(Due).Count);
    }

    static void Fill(ILogClient client, TopicPartition partition)
    {
        for (var i = 0; i < Enough; i += 100)
        {
            client.Append(partition, Enumerable.Range(i, 100).Select(n => $"{n}"));
        }
    }

    ILogClient Subscribed(string group)
    {
        var client = log.OpenClient(group, "1");
        client.Subscribe([["due"]], new RecordingListener());
        client.Poll();
        return client;
    }

    EmbeddedLog Open()
    {
        var opened = LogHarness.Open(temp.Below("state"));
        opened.EnsureTopics([new TopicSpec("due", 1, TopicRetention.PurgeConsumed), new TopicSpec("kept", 1, TopicRetention.Keep)]);
        return opened;
    }

    void Reopen()
    {
        log.Close();
        log = Open();
    }
}
