using System.Text.RegularExpressions;
using StreamSettle.App.Composition;
using StreamSettle.Kernel.Calls;
using StreamSettle.Topology;
using StreamSettle.Topology.Names;
using Xunit;

namespace StreamSettle.Architecture.Tests;

/// <summary>The same word everywhere: docs/glossary.md says what every name means that operators meet.</summary>
public partial class GlossaryTests
{
    const string Leg = "LEG";

    static readonly string Glossary = File.ReadAllText(Path.Combine(Repository.Root, "docs", "glossary.md"));

    [Fact]
    public void Every_topic_and_store_is_in_the_glossary()
    {
        var topology = DescribedTopology.Build();
        var globals = typeof(StoreNames).GetFields().Select(name => (string)name.GetRawConstantValue()!);
        var names = topology.Topics.Select(topic => topic.Name).Concat(topology.SubTopologies.SelectMany(part => part.Stores).Select(store => store.Name)).Concat(globals)
            .Select(name => SettlementTopology.Calls.Aggregate(name, (text, leg) => text.Replace(leg.Name(), Leg, StringComparison.Ordinal)));

        Assert.All(names.Where(name => !name.EndsWith("-changelog", StringComparison.Ordinal)).Distinct(), name => Assert.Contains($"`{name}`", Glossary, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_metric_is_in_the_glossary()
    {
        var metrics = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*Meter.cs", SearchOption.AllDirectories)
            .SelectMany(file => Metric().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToArray();

        Assert.NotEmpty(metrics);
        Assert.All(metrics, name => Assert.Contains($"`{name}`", Glossary, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_label_of_the_dashboard_is_in_the_glossary()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "StreamSettle.App", "Dashboard", "index.html"));
        var labels = Label().Matches(page).Select(match => match.Groups[1].Value).ToArray();
        var told = Glossary.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).SelectMany(line => Separator().Split(line.Split('|')[1].Trim())).ToHashSet();

        Assert.NotEmpty(labels);
        Assert.Empty(labels.Except(told));
    }

    [GeneratedRegex(@"""(streamsettle\.[a-z.]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex("""<(?:th\b|dt\b|span class="label")[^>]*>([^<]+)<""")]
    private static partial Regex Label();

    [GeneratedRegex("; ")]
    private static partial Regex Separator();
}
