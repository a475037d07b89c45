using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka;
using StreamSettle.Streams.Log;

namespace StreamSettle.App.Checks;

/// <summary>Whether the cluster has the application's topics as they must be; what is missing is named, so that a start makes nothing that nobody was told of.</summary>
static class KafkaCheck
{
    public static StartCheck Of(ServiceOptions options, KafkaLogView view) => new("topics", _ =>
    {
        var look = view.Look(Needed(options));
        if (look.Problems.Count > 0)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, look.Problems));
        }

        return Task.FromResult(look.Missing.Count == 0
            ? "all are there, as they must be"
            : $"to be made: {string.Join(", ", look.Missing.Select(plan => $"{plan.Name} ({plan.MadeWith} {(plan.MadeWith == 1 ? "partition" : "partitions")})"))}");
    })
    {
        MustBeThere = true,
    };

    static IEnumerable<TopicSpec> Needed(ServiceOptions options)
    {
        var topology = DescribedTopology.Build(options.ApplicationId, options.Partitions, options.Source.TopicPrefix, options.OwnTopic);
        return [.. topology.Topics, .. topology.Changelogs];
    }
}
