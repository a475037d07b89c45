using CsCheck;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

public sealed class ConsumerGroupTests : IDisposable
{
    readonly TempDirectory temp = new();
    readonly EmbeddedLog log;

    public ConsumerGroupTests()
    {
        log = LogHarness.Open(temp.Below("state"));
        log.EnsureTopics([
            new TopicSpec("orders", 4, TopicRetention.Keep), new TopicSpec("refunds", 4, TopicRetention.Keep), new TopicSpec("due", 4, TopicRetention.PurgeConsumed)]);
    }

    public void Dispose()
    {
        log.Close();
        temp.Dispose();
    }

    [Fact]
    public void Partitions_of_one_set_go_together_and_are_spread_evenly()
    {
        using var first = Join("1", out var firstHas);
        using var second = Join("2", out var secondHas);
        first.Poll();
        second.Poll();

        Assert.Equal(6, firstHas.Owned.Count);
        Assert.Equal(6, secondHas.Owned.Count);
        Assert.Empty(firstHas.Owned.Intersect(secondHas.Owned));
        foreach (var has in new[] { firstHas, secondHas })
        {
            Assert.Equal(
                has.Owned.Where(partition => partition.Topic == "orders").Select(partition => partition.Partition).Order(),
                has.Owned.Where(partition => partition.Topic == "refunds").Select(partition => partition.Partition).Order());
        }
    }

    [Fact]
    public void A_newcomer_gets_its_share_after_the_owner_has_committed_and_goes_on_from_there()
    {
        using var writer = log.OpenClient("writer", "1");
        for (var partition = 0; partition < 4; partition++)
        {
            writer.Append(new("orders", partition), "a", "b", "c");
        }

        ILogClient first = log.OpenClient("app", "1");
        var firstHas = new RecordingListener
        {
            OnRevoked = revoked =>
            {
                foreach (var partition in revoked.Where(partition => partition.Topic == "orders"))
                {
                    first.CommitPosition(partition, 2);
                }
            },
        };
        first.Subscribe([["orders"]], firstHas);
        Assert.Equal(12, first.Poll().Count);

        using var second = log.OpenClient("app", "2");
        var secondHas = new RecordingListener();
        second.Subscribe([["orders"]], secondHas);
        Assert.Empty(second.Poll());
        Assert.Empty(secondHas.Owned);

        Assert.Empty(first.Poll());
        var rest = second.Poll();

        Assert.Equal(2, secondHas.Owned.Count);
        Assert.Equal(2, firstHas.Owned.Count);
        Assert.Equal(["c", "c"], rest.Select(record => record.Value));
        first.Dispose();
    }

    [Fact]
    public void What_a_leaver_had_goes_to_the_others()
    {
        using var first = Join("1", out var firstHas);
        var second = Join("2", out _);
        first.Poll();
        second.Poll();

        second.Dispose();
        first.Poll();

        Assert.Equal(12, firstHas.Owned.Count);
    }

    [Fact]
    public void Only_needed_shares_move()
    {
        using var first = Join("1", out var firstHas);
        using var second = Join("2", out var secondHas);
        first.Poll();
        second.Poll();
        using var third = Join("3", out var thirdHas);
        first.Poll();
        second.Poll();
        third.Poll();

        Assert.Equal(3, thirdHas.Owned.Count);
        Assert.Equal(9, firstHas.Owned.Count + secondHas.Owned.Count);
        Assert.All([firstHas, secondHas, thirdHas], has => Assert.Single(has.Told, told => told.StartsWith('+')));
    }

    [Fact]
    public void Every_group_reads_for_itself()
    {
        using var writer = log.OpenClient("writer", "1");
        writer.Append(new("orders", 1), "a", "b");
        using var first = log.OpenClient("first", "1");
        first.Subscribe([["orders"]], new RecordingListener());
        using var second = log.OpenClient("second", "1");
        second.Subscribe([["orders"]], new RecordingListener());

        Assert.Equal(2, first.Poll().Count);
        first.CommitPosition(new("orders", 1), 2);
        Assert.Equal(2, second.Poll().Count);
        Assert.Equal(2, log.CommittedPosition("first", new("orders", 1)));
        Assert.Equal(0, log.CommittedPosition("second", new("orders", 1)));
    }

    [Fact]
    public void A_topic_that_nobody_made_is_a_mistake()
    {
        using var client = log.OpenClient("app", "1");

        Assert.Throws<UserMistakeException>(() => client.Subscribe([["nowhere"]], new RecordingListener()));
    }

    [Fact]
    public void However_members_come_and_go_every_partition_has_one_owner_and_shares_of_a_topic_differ_by_one_at_most() =>
        Gen.Int[0, 4].Array[1, 12].Sample(
            steps =>
            {
                var members = new Dictionary<int, (ILogClient Client, RecordingListener Has)>();
                var group = $"random-{string.Concat(steps)}";
                foreach (var step in steps)
                {
                    if (members.Remove(step, out var leaver))
                    {
                        leaver.Client.Dispose();
                    }
                    else
                    {
                        var client = log.OpenClient(group, $"{step}");
                        var has = new RecordingListener();
                        client.Subscribe([["orders", "refunds"], ["due"]], has);
                        members.Add(step, (client, has));
                    }

                    for (var round = 0; round < 2; round++)
                    {
                        foreach (var (client, _) in members.Values)
                        {
                            client.Poll();
                        }
                    }

                    Check([.. members.Values.Select(member => member.Has)]);
                }

                foreach (var (client, _) in members.Values)
                {
                    client.Dispose();
                }
            },
            iter: 50, threads: 1);

    static void Check(IReadOnlyCollection<RecordingListener> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        Assert.Equal(12, members.SelectMany(member => member.Owned).Distinct().Count());
        Assert.Equal(12, members.Sum(member => member.Owned.Count));
        foreach (var topic in new[] { "orders", "due" })
        {
            var shares = members.Select(member => member.Owned.Count(partition => partition.Topic == topic)).ToList();
            Assert.True(shares.Max() - shares.Min() <= 1, $"shares of {topic} are {string.Join(' ', shares)}");
        }
    }

    ILogClient Join(string name, out RecordingListener has)
    {
        var client = log.OpenClient("app", name);
        has = new RecordingListener();
        client.Subscribe([["orders", "refunds"], ["due"]], has);
        return client;
    }
}
