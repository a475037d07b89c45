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

    static void ExpectFacts(Instance instance, Words words, params (string Key, string Value)[] facts)
    {
        var store = instance.Log.OpenCommittedView(Facts, 0);
        Eventually.Holds(() => facts.All(fact => store.Get(fact.Key) == fact.Value), () => $"facts are not there\n{words.Log}");
    }
}
