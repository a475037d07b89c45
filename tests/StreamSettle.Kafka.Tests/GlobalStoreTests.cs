using Confluent.Kafka;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tests.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class GlobalStoreTests(KafkaBroker broker)
{
    static readonly StoreSpec Facts = new("facts", Global: true);

    [Fact]
    public async Task Every_instance_follows_all_partitions_with_a_position_of_its_own()
    {
        using var words = new Words(broker, partitions: 2, (builder, prefix) => builder.AddGlobalStore("facts", "facts-source", prefix + "facts"));
        await using (words.Open("nobody"))
        {
            // The topics are made.
        }

        words.Put("facts", "a", "1");
        words.Put("facts", "b", "2");
        await using (var first = words.Start("one"))
        {
            ExpectFacts(first, words, ("a", "1"), ("b", "2"));
            words.Put("facts", "a", "3");
            ExpectFacts(first, words, ("a", "3"));
        }

        words.Put("facts", "c", "4");
        await using var again = words.Start("one");
        await using var second = words.Start("two");
        ExpectFacts(again, words, ("a", "3"), ("b", "2"), ("c", "4"));
        ExpectFacts(second, words, ("a", "3"), ("b", "2"), ("c", "4"));
    }

    [Fact]
    public async Task A_transaction_in_a_followed_topic_that_nobody_decides_is_told_until_somebody_does()
    {
        using var words = new Words(broker, partitions: 1, (builder, prefix) => builder.AddGlobalStore("facts", "facts-source", prefix + "facts")) { TransactionTimeout = TimeSpan.FromSeconds(1) };
        await using var one = words.Start("one");
        words.Put("facts", "a", "1");
        ExpectFacts(one, words, ("a", "1"));
        using var outside = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.Bootstrap, TransactionalId = $"{words.Application}-outside" }).Build();
        outside.InitTransactions(TimeSpan.FromSeconds(20));
        outside.BeginTransaction();
        outside.Produce(words.Prefix + "facts", new() { Key = "b", Value = "2" });
        outside.Flush(TestContext.Current.CancellationToken);

        Eventually.Holds(() => one.Log.ReadFailure is not null, () => $"it is not told\n{words.Log}");
        Assert.Contains($"a transaction in {words.Prefix}facts-0 is not decided, so nothing is read there from offset 1 on", one.Log.ReadFailure, StringComparison.Ordinal);
        Assert.Equal(1, words.Log.Count(2215));
        words.Put("facts", "c", "3");
        outside.AbortTransaction();
        ExpectFacts(one, words, ("c", "3"));
        Eventually.Holds(() => one.Log.ReadFailure is null, () => $"it is told on\n{words.Log}");
    }

    static void ExpectFacts(Instance instance, Words words, params (string Key, string Value)[] facts)
    {
        var store = instance.Log.OpenCommittedView(Facts, 0);
        Eventually.Holds(() => facts.All(fact => store.Get(fact.Key) == fact.Value), () => $"facts are not there\n{words.Log}");
    }
}
