using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Cluster.Tests.Lives;

/// <summary>A client under names of the bench, of which is known how far it has read.</summary>
sealed class DrivenKafkaClient(DrivenKafkaLog log, LifeNames names, ILogClient inner) : ILogClient, IAssignmentListener
{
    readonly FetchedRecords fetched = new();
    readonly Dictionary<TopicPartition, long> passed = [];
    readonly HashSet<TopicPartition> wanted = [];
    IAssignmentListener? listener;
    LogCommit? begun;

    /// <summary>The group has given it all that it asked for, as there is nobody else.</summary>
    public bool HasAll => wanted.IsSubsetOf(passed.Keys);

    public bool HasPassed(TopicPartition partition, long end) => !wanted.Contains(partition) || passed[partition] >= end;

    public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener)
    {
        this.listener = listener;
        wanted.UnionWith(copartitioned.SelectMany(topics => topics).SelectMany(PartitionsOf));
        inner.Subscribe([.. copartitioned.Select(topics => topics.Select(names.There).ToList())], this);
    }

    public void Follow(IReadOnlyCollection<string> topics)
    {
        wanted.UnionWith(topics.SelectMany(PartitionsOf));
        inner.Follow([.. topics.Select(names.There)]);
        Begin(wanted);
    }

    public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions) => inner.Assign([.. positions.Select(position => (names.There(position.Partition), position.Offset))]);

    public void Poll(FetchedRecords into, TimeSpan timeout)
    {
        into.Clear();
        inner.Poll(fetched, timeout);
        foreach (var batch in fetched.Batches)
        {
            var partition = names.Here(batch.Partition);
            into.Add(partition, batch.BaseOffset, batch.Count, fetched.BytesOf(batch));
            passed[partition] = batch.BaseOffset + batch.Count;
        }

        foreach (var (there, next) in fetched.Progress)
        {
            var partition = names.Here(there);
            into.AddProgress(partition, next);

            // It may be of before the batch.
            passed[partition] = Math.Max(passed[partition], next);
        }
    }

    public void Pause(TopicPartition partition) => inner.Pause(names.There(partition));

    public void Resume(TopicPartition partition) => inner.Resume(names.There(partition));

    public long CommittedPosition(TopicPartition partition) => inner.CommittedPosition(names.There(partition));

    public bool WriteAhead(LogCommit outputs)
    {
        outputs.Outputs.ForEach(output => log.Wrote(output.Partition));
        return inner.WriteAhead(Mapped(outputs));
    }

    public bool BeginCommit(LogCommit commit)
    {
        log.BeforeCommit?.Invoke(commit);
        if (!inner.BeginCommit(Mapped(commit)))
        {
            begun = commit;
            return false;
        }

        log.Committed(commit);
        return true;
    }

    public void FinishCommit()
    {
        inner.FinishCommit();
        if (begun is { } commit)
        {
            begun = null;
            log.Committed(commit);
        }
    }

    public IStoreBase OpenStore(StoreSpec store, TaskId task) => inner.OpenStore(store, task);

    public void Wake() => inner.Wake();

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        var here = partitions.Select(names.Here).ToList();
        Begin(here);
        listener!.Assigned(here);
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions) => Gone(partitions, listener!.Revoked);

    public void Lost(IReadOnlyCollection<TopicPartition> partitions) => Gone(partitions, listener!.Lost);

    public void Dispose()
    {
        log.Closed(this);
        inner.Dispose();
    }

    void Begin(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            passed[partition] = CommittedPosition(partition);
            log.Wrote(partition);
        }
    }

    void Gone(IReadOnlyCollection<TopicPartition> partitions, Action<IReadOnlyCollection<TopicPartition>> tell)
    {
        var here = partitions.Select(names.Here).ToList();
        tell(here);
        here.ForEach(partition => passed.Remove(partition));
    }

    IEnumerable<TopicPartition> PartitionsOf(string topic) => Enumerable.Range(0, log.Partitions(topic)).Select(partition =>
    {
        var here = new TopicPartition(topic, partition);
        names.There(here);
        return here;
    });

    LogCommit Mapped(LogCommit commit)
    {
        var mapped = new LogCommit();
        mapped.Outputs.AddRange(commit.Outputs.Select(output => (names.There(output.Partition), output.Batch)));
        mapped.Positions.AddRange(commit.Positions.Select(position => (names.There(position.Partition), position.NextOffset)));
        mapped.Stores.AddRange(commit.Stores);
        mapped.Metadata.AddRange(commit.Metadata);
        return mapped;
    }
}
