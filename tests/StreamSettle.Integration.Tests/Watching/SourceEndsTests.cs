using Microsoft.Extensions.Time.Testing;
using StreamSettle.App.Running;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using Xunit;

namespace StreamSettle.Integration.Tests.Watching;

/// <summary>Who looks at the service does not fail with the brokers, and does not ask them for every look.</summary>
public class SourceEndsTests
{
    [Fact]
    public void The_log_is_asked_at_most_once_a_second_and_its_last_answer_stands_while_it_is_away()
    {
        var (log, time) = (new Answers { End = 5 }, new FakeTimeProvider());
        var ends = new SourceEnds(log, "shop.public.orders", partitions: 2, time);
        Assert.Equal(10, ends.Changes());
        log.End = 6;
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(10, ends.Changes());
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(12, ends.Changes());

        log.End = null;
        time.Advance(TimeSpan.FromSeconds(2));
        var asked = log.Asked;
        Assert.Equal(12, ends.Changes());
        Assert.Equal(12, ends.Changes());
        Assert.Equal(asked + 1, log.Asked);

        log.End = 7;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(14, ends.Changes());
    }

    /// <summary>A log that is only asked for its ends.</summary>
    sealed class Answers : IStreamLog
    {
        public long? End { get; set; }

        public int Asked { get; private set; }

        public Guid Identity => throw new NotSupportedException();

        public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics) => throw new NotSupportedException();

        public int Partitions(string topic) => throw new NotSupportedException();

        public ILogClient OpenClient(string group, string member) => throw new NotSupportedException();

        public long EndOffset(TopicPartition partition)
        {
            Asked++;
            return End ?? throw new TransactionAbortedException("no broker answers");
        }

        public long CommittedPosition(string group, TopicPartition partition) => throw new NotSupportedException();

        public byte[]? ReadMetadata(string name) => throw new NotSupportedException();

        public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
