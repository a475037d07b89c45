using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Commits;

namespace StreamSettle.Streams.Kafka.Topics;

/// <summary>Makes and checks topics, and asks the cluster about itself.</summary>
internal sealed class TopicAdmin(IAdminClient admin, KafkaLogOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan EndsPatience = TimeSpan.FromSeconds(10);

    static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    readonly ConcurrentDictionary<string, int> partitions = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, string> ids = new(StringComparer.Ordinal);
    volatile bool purgeFails;

    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public string ClusterId() => Ask($"the brokers at {options.BootstrapServers} do not answer", () => admin.DescribeClusterAsync(new() { RequestTimeout = Patience })).ClusterId;

    /// <summary>What is there of them and what is wrong with it; changes nothing.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public TopicLook Look(IReadOnlyList<TopicPlan> plans)
    {
        var found = Describe(plans.Select(plan => plan.Name));
        var settings = Settings(found.Keys);
        var problems = new List<string>();
        foreach (var plan in plans.Where(plan => found.ContainsKey(plan.Name)))
        {
            var count = partitions[plan.Name] = found[plan.Name].Partitions.Count;
            if (Rights.Problem(options.ApplicationId, found[plan.Name]) is { } lacking)
            {
                problems.Add(lacking);
            }

            if (plan.Problem(count, name => settings.GetValueOrDefault((plan.Name, name))) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return new([.. plans.Where(plan => !found.ContainsKey(plan.Name))], problems);
    }

    /// <summary>Makes what is missing after everything that is there was found to be right, and returns that.</summary>
    /// <exception cref="UserMistakeException">What is there is not as it must be; nothing was made.</exception>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not do it.</exception>
    public IReadOnlyList<TopicPlan> Ensure(IReadOnlyList<TopicPlan> plans)
    {
        var missing = Checked(plans).Missing;
        if (missing.Count > 0)
        {
            Create(missing);
            logger.TopicsMade(missing.Count, string.Join(", ", missing.Select(plan => plan.Name)));

            // Somebody else may have made some of them in between.
            Checked(missing);
        }

        return missing;
    }

    /// <exception cref="UserMistakeException">There is no such topic.</exception>
    public int Partitions(string topic)
    {
        if (partitions.TryGetValue(topic, out var known))
        {
            return known;
        }

        return Describe([topic]).TryGetValue(topic, out var found)
            ? partitions[topic] = found.Partitions.Count
            : throw NoTopic(topic);
    }

    /// <summary>What the service's user lacks on a group; null for nothing.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers.</exception>
    public string? GroupProblem(string group)
    {
        try
        {
            return Rights.Problem(Ask(
                $"the brokers at {options.BootstrapServers} do not describe the group '{group}'",
                () => admin.DescribeConsumerGroupsAsync([group], new() { RequestTimeout = Patience, IncludeAuthorizedOperations = true })).ConsumerGroupDescriptions[0]);
        }
        catch (EnvironmentFailedException failed) when (failed.InnerException is DescribeConsumerGroupsException some && some.Results.ConsumerGroupDescriptions[0].Error is { IsError: true } error)
        {
            throw KafkaFailure.Environment($"the group '{group}' cannot be described", new KafkaException(error));
        }
    }

    /// <summary>Of the topic that had this name when it was looked at first (KIP-516): one that is made anew has another.</summary>
    /// <exception cref="UserMistakeException">There is no such topic.</exception>
    public string IdOf(string topic) => ids.TryGetValue(topic, out var known) ? known : IdsNow([topic]).TryGetValue(topic, out var id) ? id : throw NoTopic(topic);

    /// <summary>Those of the topics that have these names now.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public IReadOnlyDictionary<string, string> IdsNow(IEnumerable<string> topics) => Describe(topics).ToDictionary(topic => topic.Key, topic => topic.Value.TopicId.ToString(), StringComparer.Ordinal);

    public bool Exists(string topic) => Describe([topic]).Count > 0;

    /// <summary>The high watermarks, open transactions included, in the partitions' order: one request a broker, where the end of each costs two.</summary>
    /// <exception cref="Log.TransactionAbortedException">No broker answers now.</exception>
    public IReadOnlyList<long> EndOffsets(IReadOnlyList<Log.TopicPartition> partitions)
    {
        try
        {
            var found = admin.ListOffsetsAsync(
                partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition.ToKafka(), OffsetSpec = OffsetSpec.Latest() }),
                new() { RequestTimeout = EndsPatience, IsolationLevel = IsolationLevel.ReadUncommitted }).GetAwaiter().GetResult();
            var ends = found.ResultInfos.ToDictionary(end => end.TopicPartitionOffsetError.TopicPartition.FromKafka(), end => end.TopicPartitionOffsetError.Offset.Value);
            return [.. partitions.Select(partition => ends[partition])];
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Aborted(failed);
        }
    }

    /// <summary>Deletes what was consumed. Not waited for: what remains is deleted the next time. That it fails is told once, until it succeeds.</summary>
    public void DeleteBefore(IEnumerable<(Log.TopicPartition Partition, long Next)> consumed) =>
        _ = admin.DeleteRecordsAsync(consumed.Select(position => new TopicPartitionOffset(position.Partition.ToKafka(), position.Next)))
            .ContinueWith(
                deleted =>
                {
                    var failure = deleted.Exception?.GetBaseException();
                    if (failure is not null && !purgeFails)
                    {
                        logger.PurgeFails(failure is DeleteRecordsException some && some.Results.Find(result => result.Error.IsError) is { } first ? $"{first.Topic}: {first.Error.Reason}" : failure.Message);
                    }

                    purgeFails = failure is not null;
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    public void Dispose() => admin.Dispose();

    TopicLook Checked(IReadOnlyList<TopicPlan> plans)
    {
        var look = Look(plans);
        return look.Problems.Count == 0 ? look : throw new UserMistakeException(string.Join('\n', look.Problems));
    }

    UserMistakeException NoTopic(string topic) => new($"there is no topic '{topic}' at {options.BootstrapServers}");

    static T Ask<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return ask().GetAwaiter().GetResult();
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Environment(what, failed);
        }
    }

    Dictionary<string, TopicDescription> Describe(IEnumerable<string> names)
    {
        List<TopicDescription> descriptions;
        try
        {
            descriptions = admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(names), new() { RequestTimeout = Patience, IncludeAuthorizedOperations = true }).GetAwaiter().GetResult().TopicDescriptions;
        }
        catch (DescribeTopicsException some)
        {
            descriptions = some.Results.TopicDescriptions;
            if (descriptions.Find(topic => topic.Error.IsError && topic.Error.Code != ErrorCode.UnknownTopicOrPart) is { } failed)
            {
                throw KafkaFailure.Environment($"topic '{failed.Name}' cannot be described", new KafkaException(failed.Error));
            }
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Environment($"the brokers at {options.BootstrapServers} do not describe topics", failed);
        }

        var found = descriptions.Where(topic => !topic.Error.IsError).ToDictionary(topic => topic.Name, StringComparer.Ordinal);
        foreach (var (name, topic) in found)
        {
            ids.TryAdd(name, topic.TopicId.ToString());
        }

        return found;
    }

    Dictionary<(string Topic, string Setting), string> Settings(IReadOnlyCollection<string> topics)
    {
        if (topics.Count == 0)
        {
            return [];
        }

        List<DescribeConfigsResult> found;
        try
        {
            found = Ask(
                $"the brokers at {options.BootstrapServers} do not tell the settings of topics",
                () => admin.DescribeConfigsAsync(topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }), new() { RequestTimeout = Patience }));
        }
        catch (EnvironmentFailedException failed) when (failed.InnerException is DescribeConfigsException some && some.Results.Find(topic => topic.Error.IsError) is { } first)
        {
            throw KafkaFailure.Environment($"the settings of topic '{first.ConfigResource.Name}' are not told", new KafkaException(first.Error));
        }

        return found.SelectMany(topic => topic.Entries.Values.Select(entry => ((topic.ConfigResource.Name, entry.Name), entry.Value))).ToDictionary();
    }

    void Create(IReadOnlyList<TopicPlan> missing)
    {
        var wanted = missing.Select(plan => new TopicSpecification
        {
            Name = plan.Name, NumPartitions = plan.MadeWith, ReplicationFactor = options.ReplicationFactor ?? -1, Configs = new(plan.Settings),
        });
        try
        {
            admin.CreateTopicsAsync(wanted, new() { RequestTimeout = Patience, OperationTimeout = Patience }).GetAwaiter().GetResult();
        }
        catch (CreateTopicsException some)
        {
            // Another instance that starts at the same moment makes the same ones.
            if (some.Results.Find(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists) is { } failed)
            {
                throw KafkaFailure.Environment($"topic '{failed.Topic}' cannot be made", new KafkaException(failed.Error));
            }
        }
        catch (KafkaException failed)
        {
            throw KafkaFailure.Environment($"the brokers at {options.BootstrapServers} do not make topics", failed);
        }

        // Made is not yet known to every broker.
        var started = time.GetTimestamp();
        while (Describe(missing.Select(plan => plan.Name)).Count < missing.Count && time.GetElapsedTime(started) < Patience)
        {
            Task.Delay(LookPause, time).GetAwaiter().GetResult();
        }

        foreach (var plan in missing)
        {
            partitions[plan.Name] = plan.MadeWith;
        }
    }
}
