using System.Text;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Errors;

public class DeserializationTests
{
    [Fact]
    public void Without_a_handler_the_record_is_named_and_nothing_is_committed()
    {
        using var driver = Driver(static (_, scoped in _, _) => new DeserializationHandlerResponse.Fail());
        driver.Append("input", "k", "good", 5);

        var failure = Assert.Throws<UnreadableRecordException>(() => driver.Pipe("input", "k", "!bad", 6));

        Assert.Equal("task 0_0, source 'source': the record at input-0, offset 1, cannot be read: texts do not begin with '!'", failure.Message);
        Assert.IsType<SerdeException>(failure.InnerException);
        Assert.Equal(0, driver.Log.CommittedPosition("app", new("input", 0)));
    }

    [Fact]
    public void Continue_skips_the_record()
    {
        using var driver = Driver(static (_, scoped in _, _) => new DeserializationHandlerResponse.Continue());

        driver.Pipe("input", "k", "!bad", 6);
        driver.Pipe("input", "k", "good", 7);

        Assert.Equal(["k=good@7"], driver.ReadTexts("out"));
        Assert.Equal(2, driver.Log.CommittedPosition("app", new("input", 0)));
    }

    [Fact]
    public void A_dead_letter_holds_the_bytes_and_is_in_the_same_transaction()
    {
        ErrorHandlerContext? seen = null;
        using var driver = Driver((context, scoped in record, exception) =>
        {
            seen = context;
            return new DeserializationHandlerResponse.DeadLetter("dead", record.Key.ToArray(), record.Value.ToArray())
            {
                Headers = Headers.Encode(("reason", Encoding.UTF8.GetBytes(exception.Message))),
            };
        });

        driver.Pipe("input", "k", "!bad", 6);

        var letter = Assert.Single(driver.ReadOutput("dead"));
        Assert.Equal("!bad", Encoding.UTF8.GetString(letter.Value!));
        Assert.True(letter.Headers.TryGet("reason"u8, out var reason));
        Assert.Equal("texts do not begin with '!'", Encoding.UTF8.GetString(reason));
        Assert.Equal(new RecordMetadata("input", 0, 0), seen!.Record);
        Assert.Equal("source", seen.ProcessorNodeId);
        Assert.Equal(1, driver.Log.Commits);
    }

    [Fact]
    public void A_timestamp_below_zero_is_a_record_that_cannot_be_read()
    {
        using var driver = Driver(static (_, scoped in _, _) => new DeserializationHandlerResponse.Continue());

        driver.Pipe("input", "k", "good", -1);

        Assert.Empty(driver.ReadTexts("out"));
    }

    static TopologyDriver Driver(DeserializationExceptionHandler handler)
    {
        var topology = new TopologyBuilder().AddTextSource("source", "input").AddTextSink("sink", "out", "source").AddTopic("dead").Build("app", 1);
        return new(topology, new VirtualTime(TextDriver.Start.ToDateTimeOffset()), new() { OnDeserializationException = handler });
    }
}
