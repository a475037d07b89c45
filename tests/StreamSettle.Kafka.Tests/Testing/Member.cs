using System.Diagnostics;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Kafka.Tests.Testing;

/// <summary>A client of the log under a test's hand: it polls when it is told to.</summary>
sealed class Member : IAssignmentListener, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly ILogClient client;
    readonly FetchedRecords fetched = new();

    public Member(IStreamLog log, string group, IReadOnlyCollection<string> topics)
    {
        client = log.OpenClient(group, "thread-1");
        client.Subscribe([topics], this);
    }

    public ILogClient Client => client;

    public HashSet<TopicPartition> Owned { get; } = [];

    /// <summary>What it was told: + for assigned, - for revoked, ! for lost.</summary>
    public List<string> Told { get; } = [];

    public List<(TopicPartition Partition, long Offset, int Count)> Batches { get; } = [];

    /// <summary>How far each partition was passed.</summary>
    public Dictionary<TopicPartition, long> Passed { get; } = [];

    public void PollUntil(Func<bool> isDone, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{what}; told {string.Join(' ', Told)}");
            Poll();
        }
    }

    public void Poll()
    {
        client.Poll(fetched, TimeSpan.FromMilliseconds(50));
        Batches.AddRange(fetched.Batches.Select(batch => (batch.Partition, batch.BaseOffset, batch.Count)));
        foreach (var batch in fetched.Batches)
        {
            Passed[batch.Partition] = batch.BaseOffset + batch.Count;
        }

        foreach (var (partition, next) in fetched.Progress)
        {
            Passed[partition] = next;
        }
    }

    public void Assigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        Told.Add($"+{partitions.Count}");
        Owned.UnionWith(partitions);
    }

    public void Revoked(IReadOnlyCollection<TopicPartition> partitions)
    {
        Told.Add($"-{partitions.Count}");
        Owned.ExceptWith(partitions);
    }

    public void Lost(IReadOnlyCollection<TopicPartition> partitions)
    {
        Told.Add($"!{partitions.Count}");
        Owned.ExceptWith(partitions);
    }

    public void Dispose() => client.Dispose();
}
