using StreamSettle.Delivery.Tests.Processing;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Registry;
using StreamSettle.Topology.Names;

namespace StreamSettle.Topology.Tests.Formats;

/// <summary>The whole graph with its messages in Avro, and across a change of the form.</summary>
public sealed class WholeRoadTests : IDisposable
{
    static readonly TimeSpan UntilMark = TimeSpan.FromSeconds(10);

    readonly LocalMessages messages = new();
    readonly ScriptedSystem system = new();
    readonly TestBench bench;
    bool writesAvro;

    public WholeRoadTests() => bench = new(new()
    {
        System = system, Settings = new() { PunctuationInterval = TimeSpan.FromSeconds(1) }, CommitEvery = 1, Formats = () => messages.Formats(writesAvro),
    });

    [Fact]
    public void Orders_are_settled_by_messages_that_name_their_schemas()
    {
        writesAvro = true;
        bench.Restart();
        bench.Put(Order(42));
        bench.Advance(UntilMark + TimeSpan.FromMinutes(1));

        Assert.Equal("SettlementCompleted", bench.Told(42)[^1]);
        Assert.Equal([MessageSchema.DueOrder.LocalId], Records(Topics.DueOrders));
        Assert.Equal(Enumerable.Repeat(MessageSchema.DeliveryCommand.LocalId, 4), SettlementTopology.Calls.SelectMany(leg => Records(Topics.Commands(leg))));
        Assert.Equal(Enumerable.Repeat(MessageSchema.DeliveryResult.LocalId, 4), Records(Topics.DeliveryResults));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_on_its_way_is_read_after_the_form_was_changed(bool toAvro)
    {
        writesAvro = !toAvro;
        bench.Restart();
        system.OnPost = (_, _) => Reply.Held;
        bench.Put(Order(42));
        bench.Advance(UntilMark + TimeSpan.FromMinutes(1));
        Assert.Equal(["42:verification:0"], system.Posts.Select(post => post.Key));

        writesAvro = toAvro;
        system.OnPost = (_, _) => Reply.Ok;
        bench.Restart();
        bench.Put(Order(42) with { Refunded = "20.0000" });
        bench.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains("SettlementCompleted", bench.Told(42));
        Assert.Equal("ReversalCompleted", bench.Told(42)[^1]);
        Assert.Single(Records(Topics.DueOrders), id => id == (toAvro ? MessageSchema.DueOrder.LocalId : -1));
    }

    public void Dispose()
    {
        bench.Dispose();
        messages.Dispose();
    }

    static ShopOrder Order(long id) => new(id) { CompletedAt = TestBench.Start - TestBench.Day + UntilMark, Invoice = """{"no": "R-1"}""" };

    /// <summary>The id of each record's schema; -1 of those in the form before.</summary>
    IReadOnlyList<int> Records(string topic) =>
        [.. bench.Driver.ReadOutput(Topics.Repartition(TestBench.App, topic)).Select(record => WireFormat.TryReadId(record.Value, out var id) ? id : -1)];
}
