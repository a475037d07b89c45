using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class CommitHealthTests
{
    readonly VirtualTime time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    readonly TestLog log = new();
    readonly CommitHealth health;

    public CommitHealthTests() => health = new(time, log);

    [Fact]
    public void A_thread_that_commits_nothing_is_told_of_though_another_one_commits_all_the_time()
    {
        for (var i = 0; i < 3; i++)
        {
            health.Failed("one", "not decided");
            time.Advance(TimeSpan.FromSeconds(3));
            health.Happened("two");
        }

        Assert.Equal("not decided", health.Failure);
        Assert.Equal(1, log.Count(2203));
        health.Happened("one");
        Assert.Null(health.Failure);
        Assert.Equal(1, log.Count(2204));
    }

    [Fact]
    public void One_commit_that_does_not_happen_is_nothing_to_tell()
    {
        health.Failed("one", "a rebalance");
        time.Advance(TimeSpan.FromSeconds(4));
        health.Failed("one", "a rebalance");
        Assert.True(health.IsFailing("one"));
        Assert.False(health.IsFailing("two"));
        health.Happened("one");

        Assert.Null(health.Failure);
        Assert.False(health.IsFailing("one"));
        Assert.Equal(0, log.Count(2203) + log.Count(2204));
    }

    [Fact]
    public void Of_two_that_fail_the_other_one_is_told_of_when_the_first_commits_again()
    {
        health.Failed("one", "first");
        health.Failed("two", "second");
        time.Advance(TimeSpan.FromSeconds(5));
        health.Failed("one", "first");
        health.Failed("two", "second");
        health.Happened("two");

        Assert.Equal("first", health.Failure);
        Assert.Equal((1, 0), (log.Count(2203), log.Count(2204)));
        health.Happened("one");
        Assert.Equal((1, 1), (log.Count(2203), log.Count(2204)));
    }
}
