using System.Globalization;
using StreamSettle.Streams.Processors;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>Words by their first letter through a repartition, counted there; the running count goes out.</summary>
/// <remarks>Where a log outlives a test, application and topics need names of their own.</remarks>
static class CountingTopology
{
    public static Topology Build(int partitions = 3, Action<TopologyBuilder>? more = null, string application = "app", string prefix = "", Action? counting = null)
    {
        var builder = new TopologyBuilder()
            .AddTextSource("words-source", prefix + "words")
            .AddProcessor<string, string>("by-letter", ByLetter, "words-source")
            .AddTextRepartition("letters", "by-letter")
            .AddProcessor<string, string>("count", () => Count(counting), "letters-source")
            .AddStateStore(new StoreSpec("counts"), "count")
            .AddTextSink("counts-sink", prefix + "counts-out", "count");
        more?.Invoke(builder);
        return builder.Build(application, partitions);
    }

    static TextProcessor ByLetter()
    {
        Output<string, string> letters = null!;
        return new(context => letters = context.Output<string, string>("letters"), (_, word, at) => letters.Send(word[..1], word, at));
    }

    static TextProcessor Count(Action? counting)
    {
        IKeyValueStore counts = null!;
        Output<string, string> sink = null!;
        return new(
            context =>
            {
                counts = context.Store("counts");
                sink = context.Output<string, string>("counts-sink");
            },
            (letter, _, at) =>
            {
                counting?.Invoke();
                var next = (int.Parse(counts.Get(letter) ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                counts.Put(letter, next);
                sink.Send(letter, next, at);
            });
    }
}
