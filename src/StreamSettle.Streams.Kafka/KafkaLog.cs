using Microsoft.Extensions.Logging;
using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Kafka.Commits;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka.Stores;
using StreamSettle.Streams.Kafka.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Kafka;

/// <summary>
/// The log on a Kafka cluster: consumer groups, a transactional producer a stream thread, changelogs, and a local copy of the stores that holds only what was
/// committed.
/// </summary>
public sealed class KafkaLog : IStreamLog
{
    readonly KafkaParts parts;
    readonly LogQuestions questions;
    readonly Lock starting = new();
    InstanceThread? instance;
    bool disposed;

    KafkaLog(KafkaParts parts, LogQuestions questions, Guid identity)
    {
        this.parts = parts;
        this.questions = questions;
        Identity = identity;
    }

    /// <summary>Of the cluster and the application: whoever gives one of them another name has another log.</summary>
    public Guid Identity { get; }

    public string? WriteFailure => parts.Health.Failure;

    public string? ReadFailure => parts.Undecided.Reason;

    /// <summary>Reaches the cluster and opens the local copy, or makes it.</summary>
    /// <exception cref="UserMistakeException">The options are wrong, or the directory is in use or belongs to another log.</exception>
    /// <exception cref="EnvironmentFailedException">No broker answers, or the disk failed.</exception>
    public static KafkaLog Open(KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        var questions = LogQuestions.Open(options, time, logger);
        try
        {
            var cluster = questions.Topics.ClusterId();
            var identity = questions.IdentityOf(cluster);
            var purge = new ConsumedPurge(time, options.PurgeInterval, questions.Topics.DeleteBefore);
            var copy = LocalCopy.Open(options, identity, time, logger);
            var self = new OwnMember(options, questions.Settings.Teller(), time, logger);
            var members = new MemberTable(options.InstanceId, self.OpenedAt, time, logger);
            var parts = new KafkaParts(options, questions.Settings, copy, time, logger)
            {
                Health = new(time, logger), Undecided = new(options, time, logger), Purge = purge, Forgotten = new(questions, purge, logger), Self = self, Members = members,
                Fence = new(members, self, questions.Settings, logger),
            };
            logger.Opened(cluster, options.ApplicationId, identity, options.Directory);
            return new(parts, questions, identity);
        }
        catch
        {
            questions.Dispose();
            throw;
        }
    }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> needed)
    {
        var made = questions.Topics.Ensure(TopicPlan.Of(parts.Options.ApplicationId, needed));
        CheckTopology(needed, isFirst: made.Any(plan => plan.Name == NamedValues.TopicOf(parts.Options.ApplicationId)));
        parts.Purge.SetTopics(needed);
        lock (starting)
        {
            if (instance is null)
            {
                instance = new(parts);
                instance.Start();
            }
        }
    }

    /// <summary>The application's instances, this one too, as they say themselves: who is there, where to reach it, and which tasks are its own. Safe from any thread.</summary>
    /// <remarks>Known from <see cref="EnsureTopics"/> on. A change is known everywhere within some ten milliseconds, a death after <see cref="MemberTable.SilentAfter"/>.</remarks>
    public IReadOnlyList<ApplicationMember> Members => parts.Members.Members();

    public int Partitions(string topic) => questions.Topics.Partitions(topic);

    /// <inheritdoc cref="TopicAdmin.IdOf"/>
    internal string IdOf(string topic) => questions.Topics.IdOf(topic);

    public ILogClient OpenClient(string group, string member) => new KafkaClient(parts, this, group, member);

    /// <exception cref="TransactionAbortedException">No broker answers now.</exception>
    public long EndOffset(TopicPartition partition) => questions.EndOffset(partition);

    /// <exception cref="TransactionAbortedException">No broker answers now.</exception>
    public IReadOnlyList<long> EndOffsets(IReadOnlyList<TopicPartition> partitions) => questions.Topics.EndOffsets(partitions);

    public long KnownEnd(TopicPartition partition) => SeenEnd(partition) ?? questions.DecidedEnd(partition);

    public long? SeenEnd(TopicPartition partition) => parts.KnownEnds.TryGetValue(partition, out var known) ? known.KnownEnd : null;

    public long CommittedPosition(string group, TopicPartition partition) => questions.CommittedPositions(group, [partition])[0];

    public byte[]? ReadMetadata(string name) => questions.ReadMetadata(name);

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => parts.Copy.View(store, partition);

    /// <summary>Closes the copy after the readers that are at it. Clients and stores are closed before.</summary>
    public ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            instance?.Dispose();
            parts.Self.Dispose();
            questions.Dispose();
            parts.Copy.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A store or link that the topology has no more would be left behind with what is in it, and nobody would be told.</summary>
    /// <param name="isFirst">Nobody can have kept anything yet, and the brokers may not yet know who has the topic.</param>
    void CheckTopology(IReadOnlyCollection<TopicSpec> needed, bool isFirst)
    {
        var internals = InternalTopics.Of(needed);
        if (internals.IsEmpty)
        {
            return;
        }

        var before = InternalTopics.Decode(isFirst ? null : questions.ReadMetadataSoon(InternalTopics.ValueName));
        if (internals.Problem(before, parts.Options.ApplicationId) is { } problem)
        {
            throw new UserMistakeException(problem);
        }

        if (!internals.Equals(before))
        {
            parts.Self.Keep(InternalTopics.ValueName, internals.Encode());
        }
    }}
