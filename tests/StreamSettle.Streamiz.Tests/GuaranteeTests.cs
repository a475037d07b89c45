using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Kafka.Tests.Testing;
using StreamSettle.Streams.Streamiz;
using Xunit;

namespace StreamSettle.Streamiz.Tests;

/// <summary><c>Kafka:ProcessingGuarantee</c> is the log's, whoever runs the threads.</summary>
public class GuaranteeTests(KafkaBroker broker)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_nothing_fails_every_word_is_counted_once_also_after_the_state_was_lost(bool exactlyOnce)
    {
        using var words = new Words(broker)
        {
            ExactlyOnce = exactlyOnce, Hosting = (topology, log, options, logger) => StreamizHost.Open(topology, log, options, TimeProvider.System, new OneLogger(logger)),
        };
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
}
