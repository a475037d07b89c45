using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Testing;
using StreamSettle.Streams.Tests.Testing;
using StreamSettle.Streams.Topologies;
using Xunit;

namespace StreamSettle.Streams.Tests.Runtime;

public class GlobalStoreTests
{
    [Fact]
    public void What_was_committed_to_a_global_topic_before_a_record_is_visible_to_it()
    {
        using var driver = new TopologyDriver(Lookup(), TextDriver.Start);

        driver.Append("rates", "EUR", "1.1");
        driver.Append("orders", "o1", "EUR");
        driver.RunUntilIdle();
        driver.Pipe("rates", "EUR", "1.2");
        driver.Pipe("orders", "o1", "EUR");

        Assert.Equal(["o1=1.1@0", "o1=1.2@0"], driver.ReadTexts("priced"));
        Assert.Equal("1.2", driver.GlobalStore("rates").Get("EUR"));
    }

    [Fact]
    public void A_global_store_goes_on_after_a_crash_without_applying_twice()
    {
        var applied = 0;
        using var driver = new TopologyDriver(Lookup(() => applied++), TextDriver.Start);
        driver.Pipe("rates", "EUR", "1.1");

        driver.Crash();
        driver.Pipe("rates", "USD", "1");
        driver.Pipe("orders", "o1", "EUR");

        Assert.Equal(["o1=1.1@0"], driver.ReadTexts("priced"));
        Assert.Equal(2, applied);
    }

    [Fact]
    public void A_global_processor_hears_what_was_committed_before_a_record_and_goes_on_after_a_crash()
    {
        List<string> heard = [];
        var topology = new TopologyBuilder()
            .AddTextSource("orders-source", "orders")
            .AddProcessor("mark", () => new TextProcessor(_ => { }, (order, _, _) => heard.Add(order)), "orders-source")
            .AddGlobalProcessor(
                "hear", "news-source", () => new TextSerde(), () => new TextSerde(), "news", () => new TextProcessor(_ => { }, (_, news, _) => heard.Add(news)))
            .Build("app", 4);
        using var driver = new TopologyDriver(topology, TextDriver.Start);

        driver.Append("orders", "o1", "");
        driver.Append("news", "k", "first");
        driver.RunUntilIdle();
        driver.Crash();
        driver.Pipe("news", "k", "second");

        Assert.Equal(["first", "o1", "second"], heard);
        Assert.Contains("Processor: hear (stores: [])", topology.Describe(), StringComparison.Ordinal);
        Assert.Throws<UserMistakeException>(() => topology.Store("hear"));
    }

    static Topology Lookup(Action? applied = null) => new TopologyBuilder()
        .AddTextSource("orders-source", "orders")
        .AddProcessor("price", Price, "orders-source")
        .AddTextSink("priced-sink", "priced", "price")
        .AddGlobalStore(new("rates"), "rates-source", () => new TextSerde(), () => new TextSerde(), "rates", () => Keep(applied ?? (() => { })))
        .Build("app", 4);

    static TextProcessor Price()
    {
        IReadOnlyKeyValueStore rates = null!;
        Output<string, string> priced = null!;
        return new(
            context =>
            {
                rates = context.GlobalStore("rates");
                priced = context.Output<string, string>("priced-sink");
            },
            (order, currency, at) => priced.Send(order, rates.Get(currency) ?? "unknown", at));
    }

    static TextProcessor Keep(Action applied)
    {
        IKeyValueStore store = null!;
        return new(context => store = context.Store("rates"), (key, value, _) =>
        {
            store.Put(key, value);
            applied();
        });
    }
}
