namespace StreamSettle.Streams.Topologies;

/// <summary>What a topology must obey; each broken rule is one sentence that names what and where.</summary>
static class TopologyRules
{
    /// <summary>More partitions than any topic of ours needs: a mistake in the configuration.</summary>
    public const int PartitionsMax = 4096;

    /// <summary>Kafka's own limit for a topic's name.</summary>
    public const int TopicNameLengthMax = 249;

    public static IEnumerable<string> Problems(TopologyDraft draft, string applicationId, int partitions)
    {
        if (!IsTopicName(applicationId))
        {
            yield return $"the application id '{applicationId}' must be 1 to {TopicNameLengthMax} letters, digits, '.', '_' or '-'";
        }

        if (partitions is < 1 or > PartitionsMax)
        {
            yield return $"partitions must be 1 to {PartitionsMax}, but is {partitions}";
        }

        if (draft.Nodes.OfType<SourceSpec>().Count() == draft.Globals.Count)
        {
            yield return "there is no source";
        }

        var duplicates = draft.Nodes.GroupBy(node => node.Name).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        foreach (var name in duplicates)
        {
            yield return $"the name '{name}' is used by more than one node";
        }

        foreach (var problem in Topics(draft, applicationId).Concat(EdgeRules.Problems(draft)).Concat(Stores(draft)))
        {
            yield return problem;
        }
    }

    static IEnumerable<string> Topics(TopologyDraft draft, string applicationId)
    {
        var readBy = new Dictionary<string, string>();
        foreach (var source in draft.Nodes.OfType<SourceSpec>())
        {
            if (source.Topics.Length == 0)
            {
                yield return $"source '{source.Name}' reads no topic";
            }

            foreach (var topic in source.Topics.Select(topic => topic.Resolve(applicationId)))
            {
                if (!readBy.TryAdd(topic, source.Name))
                {
                    yield return $"topic '{topic}' is read by source '{readBy[topic]}' already, so source '{source.Name}' cannot read it too";
                }
            }
        }

        var sinks = draft.Nodes.OfType<SinkSpec>().Select(sink => sink.Topic.Resolve(applicationId));
        foreach (var topic in readBy.Keys.Concat(sinks).Concat(draft.Topics).Distinct().Where(topic => !IsTopicName(topic)))
        {
            yield return $"the topic name '{topic}' must be 1 to {TopicNameLengthMax} letters, digits, '.', '_' or '-'";
        }
    }

    static IEnumerable<string> Stores(TopologyDraft draft)
    {
        var names = draft.Stores.Select(store => store.Store.Name).Concat(draft.Globals.Select(global => global.Store?.Name).OfType<string>());
        foreach (var name in names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return $"the store '{name}' is added more than once";
        }

        foreach (var (store, processors) in draft.Stores)
        {
            if (store.Global)
            {
                yield return $"store '{store.Name}' is global: use AddGlobalStore";
            }

            if (processors.Length == 0)
            {
                yield return $"store '{store.Name}' is connected to no processor";
            }

            foreach (var processor in processors.Where(name => !draft.Nodes.Any(node => node is ProcessorSpec && node.Name == name)))
            {
                yield return $"store '{store.Name}' is connected to '{processor}', which is no processor";
            }
        }
    }

    static bool IsTopicName(string name) =>
        name.Length is > 0 and <= TopicNameLengthMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
