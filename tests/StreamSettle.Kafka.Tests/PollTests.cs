using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class PollTests(KafkaBroker broker)
{
    /// <summary>Far longer than a record needs to come, so who waits for it all is seen.</summary>
    static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_poll_that_may_wait_comes_back_with_the_first_record()
    {
        using var words = new Words(broker, partitions: 1);
        await using var log = words.Open();
        words.Send("a");
        var client = log.OpenClient(words.Application, "poller");
        client.Assign([(new($"{words.Application}.words", 0), 0)]);
        var fetched = new FetchedRecords();

        await Task.Run(() => client.Poll(fetched, Wait), TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(1, fetched.Count);
        client.Dispose();
    }
}
