using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using Xunit;

namespace StreamSettle.Kafka.Tests;

public class LifeTests(KafkaBroker broker)
{
    const int Steps = 12;

    [Fact]
    public async Task Words_that_come_before_during_and_after_a_run_are_counted_once()
    {
        using var words = new Words(broker);
        await using (words.Start())
        {
            words.Send("abcabbbde");
            words.ExpectAllCounted();
        }

        words.Send("abc");
        await using var again = words.Start();
        words.Send("dea");
        words.ExpectAllCounted();
    }

    [Fact]
    public async Task At_least_once_counts_every_word_once_too_where_nothing_fails()
    {
        using var words = new Words(broker) { ExactlyOnce = false };
        await using (words.Start())
        {
            words.Send("abcabbbde");
            words.ExpectAllCounted();
        }

        Directory.Delete(words.Directory("one"), recursive: true);
        await using var again = words.Start();
        words.Send("abc");
        words.ExpectAllCounted();
    }

    [Fact]
    public async Task A_second_instance_shares_the_work_and_the_first_goes_on_alone_when_it_leaves()
    {
        using var words = new Words(broker, partitions: 4);
        await using var first = words.Start("one");
        words.Send("abcdefgh");
        await using (var second = words.Start("two"))
        {
            Eventually.Holds(() => second.TaskCount > 0 && first.TaskCount + second.TaskCount == 8, () => $"{first.TaskCount} and {second.TaskCount} tasks\n{words.Log}");
            words.Send("abcdefgh");
            words.ExpectAllCounted();
        }

        words.Send("abcdefgh");
        words.ExpectAllCounted();
        Eventually.Holds(() => first.TaskCount == 8, () => $"{first.TaskCount} tasks\n{words.Log}");
    }

    [Fact]
    public async Task Whoever_hangs_past_its_poll_interval_counts_nothing_twice_when_it_wakes_up()
    {
        using var words = new Words(broker, partitions: 1) { PollPatience = TimeSpan.FromSeconds(2) };
        using var hang = new Hang();
        await using var first = words.Start("one", words.TopologyWith(hang));
        words.Send("abc");
        words.ExpectAllCounted();
        hang.Begin();
        words.Send("abc");
        hang.WaitUntilHanging();

        await using var second = words.Start("two");
        words.ExpectAllCounted();
        hang.End();
        words.Send("cab");
        words.ExpectAllCounted();
    }

    [Fact]
    public async Task Random_lives_of_instances_count_every_word_once()
    {
        var seed = Seeds.Next(nameof(LifeTests));
        var random = new Random(seed);
        using var words = new Words(broker, partitions: 1 + random.Next(3));
        await using (words.Open("nobody"))
        {
            // The topics are made before anybody writes to them.
        }

        var running = new Dictionary<string, Instance>();
        for (var step = 0; step < Steps; step++)
        {
            var instance = random.Next(2) == 0 ? "one" : "two";
            switch (random.Next(6))
            {
                case 0 when running.Remove(instance, out var stopped):
                    await stopped.DisposeAsync();
                    break;
                case 1 when !running.ContainsKey(instance) && Directory.Exists(words.Directory(instance)):
                    Directory.Delete(words.Directory(instance), recursive: true);
                    break;
                case 2:
                    words.SendAborted("abcde");
                    break;
                case 3 when running.Count > 0:
                    words.ExpectAllCounted();
                    break;
                default:
                    words.Send(string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)('a' + random.Next(5)))));
                    if (!running.ContainsKey(instance))
                    {
                        running.Add(instance, words.Start(instance));
                    }

                    break;
            }
        }

        if (running.Count == 0)
        {
            running.Add("one", words.Start("one"));
        }

        words.ExpectAllCounted();
        foreach (var left in running.Values)
        {
            await left.DisposeAsync();
        }
    }
}
