using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka;

/// <summary>What a cluster knows of an application, read without being a member and without changing anything. Thread-safe.</summary>
public sealed class KafkaLogView : IDisposable
{
    readonly KafkaLogOptions options;
    readonly LogQuestions questions;

    KafkaLogView(KafkaLogOptions options, LogQuestions questions, Guid identity)
    {
        this.options = options;
        this.questions = questions;
        Identity = identity;
        HasRun = questions.Topics.Exists(NamedValues.TopicOf(options.ApplicationId));
    }

    /// <summary>As <see cref="KafkaLog.Identity"/>.</summary>
    public Guid Identity { get; }

    /// <summary>Whether the application has been started on this cluster before.</summary>
    public bool HasRun { get; }

    /// <exception cref="UserMistakeException">The options are wrong.</exception>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public static KafkaLogView Open(KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        var questions = LogQuestions.Open(options, time, logger);
        try
        {
            return new(options, questions, questions.IdentityOf(questions.Topics.ClusterId()));
        }
        catch
        {
            questions.Dispose();
            throw;
        }
    }

    /// <summary>What of the application's topics is missing and what is wrong with the others.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public TopicLook Look(IEnumerable<TopicSpec> needed)
    {
        var topics = questions.Topics.Look(TopicPlan.Of(options.ApplicationId, needed));
        return questions.Topics.GroupProblem(options.ApplicationId) is { } problem ? topics with { Problems = [.. topics.Problems, problem] } : topics;
    }

    /// <summary>As <see cref="IStreamLog.ReadMetadata"/>.</summary>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not read.</exception>
    public byte[]? ReadMetadata(string name) => HasRun ? Asked($"what was kept as '{name}'", () => questions.ReadMetadata(name)) : null;

    /// <summary>Up to where a group has consumed a topic, by partition; empty where there is no such topic.</summary>
    /// <exception cref="UserMistakeException">The service's user may not read as that group.</exception>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the service's user may not ask.</exception>
    public IReadOnlyList<long> Consumed(string group, string topic)
    {
        if (!questions.Topics.Exists(topic))
        {
            return [];
        }

        // Asked first: who may not is told by the client only that time went by.
        if (questions.Topics.GroupProblem(group) is { } problem)
        {
            throw new UserMistakeException(problem);
        }

        return Asked(
            $"what the group '{group}' has consumed",
            () => questions.CommittedPositions(group, [.. Enumerable.Range(0, questions.Topics.Partitions(topic)).Select(partition => new TopicPartition(topic, partition))]));
    }

    /// <summary>Whether there is, or was, a record between two offsets of a partition, and not markers alone.</summary>
    /// <exception cref="EnvironmentFailedException">The brokers do not give the records.</exception>
    public bool HasRecord(TopicPartition partition, long from, long to) => Asked($"the records of {partition}", () => questions.HasRecord(partition, from, to));

    public void Dispose() => questions.Dispose();

    /// <summary>Who only looks has no round to try it again in.</summary>
    T Asked<T>(string what, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (TransactionAbortedException away)
        {
            throw new EnvironmentFailedException($"the brokers at {options.BootstrapServers} do not tell {what}: {away.InnerException?.Message ?? away.Message}", away);
        }
    }
}
