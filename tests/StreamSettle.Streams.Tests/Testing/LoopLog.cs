using System.Buffers.Binary;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>A log that delivers the same records for ever on one partition and drops what is committed: to measure the runtime alone.</summary>
sealed class LoopLog : IStreamLog, ILogClient, IStoreBase
{
    static readonly TopicPartition Partition = new("input", 0);

    readonly RecordBatch batch = new();
    readonly EmptyBaseScan scan = new();
    long offset;
    IAssignmentListener? listener;

    public LoopLog(int recordsPerPoll)
    {
        Span<byte> key = stackalloc byte[16];
        Span<byte> value = stackalloc byte[100];
        for (var i = 0; i < recordsPerPoll; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(key[8..], i * 7919);
            batch.Add(i, keyIsNull: false, key, valueIsNull: false, value, []);
        }
    }

    public long RecordsOut { get; private set; }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics)
    {
        // There is one topic, and it is there.
    }

    public Guid Identity => Guid.Empty;

    public int Partitions(string topic) => 1;

    public byte[]? ReadMetadata(string name) => null;

    public long CommittedPosition(TopicPartition partition) => 0;

    public void Follow(IReadOnlyCollection<string> topics)
    {
        // There are no global stores.
    }

    public ILogClient OpenClient(string group, string member) => this;

    public long EndOffset(TopicPartition partition) => long.MaxValue;

    public long CommittedPosition(string group, TopicPartition partition) => 0;

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => this;

    public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener assignmentListener) => listener = assignmentListener;

    public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions)
    {
        // Nothing reads by assignment here.
    }

    public void Poll(FetchedRecords into, TimeSpan timeout)
    {
        into.Clear();
        listener?.Assigned([Partition]);
        listener = null;
        into.Add(Partition, offset, batch.Count, batch.Bytes);
        offset += batch.Count;
    }

    public void Pause(TopicPartition partition) => throw new InvalidOperationException("one partition never runs ahead");

    public void Resume(TopicPartition partition) => throw new InvalidOperationException("one partition never runs ahead");

    public bool BeginCommit(LogCommit commit)
    {
        foreach (var (_, output) in commit.Outputs)
        {
            RecordsOut += output.Count;
        }

        return true;
    }

    public void FinishCommit()
    {
        // It was done when it began.
    }

    public IStoreBase OpenStore(StoreSpec store, TaskId task) => this;

    public void Wake()
    {
        // Nothing waits.
    }

    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        value = default;
        return false;
    }

    public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => scan;

    public void Dispose()
    {
        // Nothing is held.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class EmptyBaseScan : StoreScan
    {
        public override ReadOnlySpan<byte> Key => default;

        public override ReadOnlySpan<byte> Value => default;

        public override bool MoveNext() => false;

        public override void Dispose()
        {
            // Nothing is held.
        }
    }
}
