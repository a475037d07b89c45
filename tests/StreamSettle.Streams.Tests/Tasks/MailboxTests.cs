using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Records;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Tasks;

public class MailboxTests
{
    [Fact]
    public void A_message_is_handled_in_the_tasks_next_transaction()
    {
        var fixture = new Fixture();
        using var driver = new TopologyDriver(fixture.Topology(), TextDriver.Start);

        fixture.Mailbox.Post("hello");
        fixture.Mailbox.Post("again");
        Assert.Null(driver.Store("messages").Get("hello"));
        driver.RunUntilIdle();

        Assert.Equal("seen", driver.Store("messages").Get("hello"));
        Assert.Equal(["hello=sent@0", "again=sent@0"], driver.ReadTexts("out"));
        Assert.Equal(new RecordMetadata(null, 0, -1), fixture.Metadata);
        Assert.Equal(1, driver.Log.Commits);
    }

    [Fact]
    public void A_message_posted_while_messages_are_handled_is_not_lost()
    {
        var fixture = new Fixture();
        using var driver = new TopologyDriver(fixture.Topology(), TextDriver.Start);

        fixture.Mailbox.Post("post:inner");
        driver.RunUntilIdle();

        Assert.Equal("seen", driver.Store("messages").Get("inner"));
    }

    [Fact]
    public void A_closed_task_drops_messages()
    {
        var fixture = new Fixture();
        using var driver = new TopologyDriver(fixture.Topology(), TextDriver.Start);
        var old = fixture.Mailbox;
        old.Post("before");
        driver.Crash();
        old.Post("after");

        driver.RunUntilIdle();

        Assert.Empty(driver.ReadTexts("out"));
        Assert.NotSame(old, fixture.Mailbox);
    }

    sealed class Fixture
    {
        public Mailbox<string> Mailbox { get; private set; } = null!;

        public RecordMetadata Metadata { get; private set; }

        public Topology Topology() => new TopologyBuilder().AddTextSource("source", "input")
            .AddProcessor("p", () => new TextProcessor(Init, (_, _, _) => { }), "source")
            .AddStateStore(new StoreSpec("messages"), "p").AddTextSink("sink", "out", "p").Build("app", 1);

        void Init(ProcessorContext context)
        {
            var store = context.Store("messages");
            var sink = context.Output<string, string>("sink");
            Mailbox = context.Mailbox<string>(message =>
            {
                Metadata = context.Metadata;
                store.Put(message, "seen");
                sink.Send(message, "sent", 0);
                if (message.StartsWith("post:", StringComparison.Ordinal))
                {
                    Mailbox.Post(message[5..]);
                }
            });
        }
    }
}
