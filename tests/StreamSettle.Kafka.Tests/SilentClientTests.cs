using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Groups;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Testing;
using Xunit;
using TopicPartition = StreamSettle.Streams.Log.TopicPartition;

namespace StreamSettle.Kafka.Tests;

/// <summary>librdkafka was seen not to come back from a call, long past the time it was given.</summary>
public sealed class SilentClientTests : IDisposable
{
    readonly SilentProducer producer = new();
    readonly CommitBench bench;
    readonly VirtualTime time;

    public SilentClientTests()
    {
        bench = new(producer);
        time = bench.Time;
    }

    [Theory]
    [InlineData(25)]
    [InlineData(5)]
    public void A_commit_whose_client_does_not_come_back_is_an_aborted_one_after_a_while(int seconds)
    {
        var patience = TimeSpan.FromSeconds(seconds);
        var commit = new LogCommit();
        commit.Metadata.Add(("name", [1]));
        bench.Transaction.Begin(commit, group: null);
        var finishing = Task.Run(() => patience == LogTransaction.AnswerPatience ? bench.Transaction.Finish() : bench.Transaction.Finish(patience), TestContext.Current.CancellationToken);
        Eventually.Holds(() => time.UntilNextTimer == patience, () => "it is waited for");
        time.Advance(patience - TimeSpan.FromTicks(1));
        Assert.False(finishing.IsCompleted);

        time.Advance(TimeSpan.FromTicks(1));
        var aborted = Assert.Throws<TransactionAbortedException>(() => finishing.GetAwaiter().GetResult());
        Assert.Contains($"does not come back from a commit for {seconds} s", aborted.Message, StringComparison.Ordinal);
        Assert.Null(bench.Transaction.Finish());
    }

    [Fact]
    public async Task A_member_that_does_not_come_back_from_leaving_is_left_behind_after_a_while()
    {
        using var never = new ManualResetEventSlim();
        var log = new TestLog();
        var leaving = Task.Run(() => new Departure(time, log).Take("app-one-member", never.Wait), TestContext.Current.CancellationToken);
        Eventually.Holds(() => time.UntilNextTimer == Departure.Patience, () => "it is waited for");
        time.Advance(Departure.Patience - TimeSpan.FromTicks(1));
        Assert.False(leaving.IsCompleted);

        time.Advance(TimeSpan.FromTicks(1));
        await leaving;

        Assert.Equal(1, log.Count(2217));
        Assert.Contains("app-one-member has not left within 5 s", log.ToString(), StringComparison.Ordinal);
        never.Set();
    }

    [Fact]
    public void What_goes_wrong_with_leaving_in_time_is_told()
    {
        var departure = new Departure(time, new TestLog());

        Assert.Throws<TimeoutException>(() => departure.Take("app-one-member", () => throw new TimeoutException("of its own")));
    }

    public void Dispose() => bench.Dispose();

    sealed class SilentProducer : IRecordProducer
    {
        readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int MarkersPerCommit => 1;

        public void Initialize()
        {
        }

        public void Begin()
        {
        }

        public void Produce(TopicPartition partition, scoped in RawRecord record)
        {
        }

        public void SendPositions(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group)
        {
        }

        public void Flush()
        {
        }

        public void Commit(IReadOnlyCollection<TopicPartitionOffset> positions, IConsumerGroupMetadata? group) => answer.Task.GetAwaiter().GetResult();

        public void Abort()
        {
        }

        public void Dispose() => answer.TrySetResult();
    }
}
