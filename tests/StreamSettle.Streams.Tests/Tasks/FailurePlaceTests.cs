using StreamSettle.Kernel.Bytes;
using StreamSettle.Streams.Errors;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Serdes;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class FailurePlaceTests
{
    readonly List<string> closed = [];
    Mailbox<string>? mailbox;

    [Theory]
    [InlineData("process", "task 0_1, processor 'second', record input-1, offset 1")]
    [InlineData("sink", "task 0_1, processor 'sink', record input-1, offset 1")]
    [InlineData("source", "task 0_1, processor 'source', record input-1, offset 1")]
    public void What_fails_in_a_record_names_task_node_topic_partition_and_offset(string what, string place)
    {
        using var driver = Driver();
        driver.Pipe("input", "k", "fine", 1, partition: 1);

        var failure = Assert.Throws<IOException>(() => driver.Pipe("input", "k", what, 2, partition: 1));

        Assert.Equal(place, FailurePlace.Of(failure)!.ToString());
        Assert.Equal(what, failure.Message);
    }

    [Fact]
    public void What_fails_outside_of_a_record_names_task_and_processor()
    {
        using var driver = Driver();
        driver.Pipe("input", "k", "punctuate", 1, partition: 1);
        Assert.Equal(
            "task 0_1, processor 'second', outside of a record",
            FailurePlace.Of(Assert.Throws<IOException>(() => driver.AdvanceTime(TimeSpan.FromSeconds(1))))!.ToString());

        driver.Crash();
        driver.RunUntilIdle();
        mailbox!.Post("message");
        Assert.Equal("task 0_1, processor 'second', outside of a record", FailurePlace.Of(Assert.Throws<IOException>(driver.RunUntilIdle))!.ToString());
    }

    [Fact]
    public void A_commit_that_a_processor_makes_fail_names_it()
    {
        using var driver = Driver();

        var failure = Assert.Throws<IOException>(() => driver.Pipe("input", "k", "before", 1, partition: 0));

        Assert.Equal("task 0_0, processor 'second', outside of a record", FailurePlace.Of(failure)!.ToString());
    }

    [Fact]
    public void One_that_fails_to_close_holds_up_no_other_and_is_told()
    {
        var driver = Driver();
        driver.Pipe("input", "k", "close", 1, partition: 1);

        var failure = Assert.Throws<IOException>(driver.Dispose);

        Assert.Equal("task 0_1, processor 'first', outside of a record", FailurePlace.Of(failure)!.ToString());
        Assert.Equal(["first", "first", "second", "second"], closed.Order());
    }

    [Fact]
    public void An_exception_without_a_place_has_none() => Assert.Null(FailurePlace.Of(new InvalidOperationException("x", new IOException("y"))));

    TopologyDriver Driver() => new(
        new TopologyBuilder()
            .AddSource("source", () => new TextSerde(), () => new FailingSerde("source", null), "input")
            .AddProcessor("first", First, "source")
            .AddProcessor("second", Second, "first")
            .AddSink("sink", "out", () => new TextSerde(), () => new FailingSerde(null, "sink"), "second")
            .Build("app", 2),
        TextDriver.Start);

    TextProcessor First()
    {
        Output<string, string> next = null!;
        var failsToClose = false;
        return new(context => next = context.Output<string, string>("second"), (key, value, at) =>
        {
            failsToClose = value == "close";
            next.Send(key, value, at);
        })
        {
            Closed = () =>
            {
                closed.Add("first");
                Fail(failsToClose, "close");
            },
        };
    }

    TextProcessor Second()
    {
        Output<string, string> sink = null!;
        var last = "";
        return new(
            context =>
            {
                sink = context.Output<string, string>("sink");
                context.Schedule(TimeSpan.FromSeconds(1), PunctuationType.WallClockTime, _ => Fail(last == "punctuate", "punctuation"));
                var own = context.Mailbox<string>(message => throw new IOException(message));
                mailbox = context.Task.Partition == 1 ? own : mailbox;
            },
            (key, value, at) =>
            {
                last = value;
                Fail(value == "process", value);
                sink.Send(key, value, at);
            })
        {
            BeforeCommitted = () => Fail(last == "before", "before"),
            Closed = () => closed.Add("second"),
        };
    }

    static void Fail(bool now, string message)
    {
        if (now)
        {
            throw new IOException(message);
        }
    }

    /// <summary>Fails in a way that no serde should.</summary>
    sealed class FailingSerde(string? onRead, string? onWrite) : ISerde<string>
    {
        readonly TextSerde texts = new();

        public string Read(ReadOnlySpan<byte> source)
        {
            var text = texts.Read(source);
            Fail(text == onRead, text);
            return text;
        }

        public void Write(string value, ByteWriter destination)
        {
            Fail(value == onWrite, value);
            texts.Write(value, destination);
        }
    }
}
