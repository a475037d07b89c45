using StreamSettle.Streams.Log;
using StreamSettle.Streams.Stores;
using StreamSettle.Streams.Tasks;
using StreamSettle.Streams.Testing;

namespace StreamSettle.Streams.Tests.Testing;

/// <summary>A log in memory whose stores are whole only after some pieces, and that remembers what was opened while a client polled.</summary>
sealed class RestoringLog(int pieces) : IStreamLog
{
    readonly int piecesOfAStore = pieces;

    public MemoryLog Inner { get; } = new();

    /// <summary>Stores that were opened or restored inside of a poll.</summary>
    public List<string> OpenedInsideOfPoll { get; } = [];

    public int PiecesLeft { get; private set; }

    public void EnsureTopics(IReadOnlyCollection<TopicSpec> topics) => Inner.EnsureTopics(topics);

    public Guid Identity => Inner.Identity;

    public int Partitions(string topic) => Inner.Partitions(topic);

    public byte[]? ReadMetadata(string name) => Inner.ReadMetadata(name);

    public ILogClient OpenClient(string group, string member) => new Client(this, Inner.OpenClient(group, member));

    public long EndOffset(TopicPartition partition) => Inner.EndOffset(partition);

    public long CommittedPosition(string group, TopicPartition partition) => Inner.CommittedPosition(group, partition);

    public IReadOnlyKeyValueStore OpenCommittedView(StoreSpec store, int partition) => Inner.OpenCommittedView(store, partition);

    public ValueTask DisposeAsync() => Inner.DisposeAsync();

    sealed class Client(RestoringLog log, ILogClient inner) : ILogClient
    {
        bool polls;

        public void Subscribe(IReadOnlyList<IReadOnlyCollection<string>> copartitioned, IAssignmentListener listener) => inner.Subscribe(copartitioned, listener);

        public void Follow(IReadOnlyCollection<string> topics) => inner.Follow(topics);

        public long CommittedPosition(TopicPartition partition) => inner.CommittedPosition(partition);

        public void FinishCommit() => inner.FinishCommit();

        public void Assign(IReadOnlyCollection<(TopicPartition Partition, long Offset)> positions) => inner.Assign(positions);

        public void Poll(FetchedRecords into, TimeSpan timeout)
        {
            polls = true;
            inner.Poll(into, timeout);
            polls = false;
        }

        public void Pause(TopicPartition partition) => inner.Pause(partition);

        public void Resume(TopicPartition partition) => inner.Resume(partition);

        public bool BeginCommit(LogCommit commit) => inner.BeginCommit(commit);

        public IStoreBase OpenStore(StoreSpec store, TaskId task)
        {
            Note(store);
            log.PiecesLeft += log.piecesOfAStore;
            return new Store(this, log, store, inner.OpenStore(store, task));
        }

        public void Wake() => inner.Wake();

        public void Dispose() => inner.Dispose();

        void Note(StoreSpec store)
        {
            if (polls)
            {
                log.OpenedInsideOfPoll.Add(store.Name);
            }
        }

        sealed class Store(Client client, RestoringLog log, StoreSpec spec, IStoreBase inner) : IStoreBase
        {
            int left = log.piecesOfAStore;

            public bool RestoreMore()
            {
                client.Note(spec);
                if (left == 0)
                {
                    return false;
                }

                left--;
                log.PiecesLeft--;
                return true;
            }

            public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value) => inner.TryGet(key, out value);

            public StoreScan Scan(scoped ReadOnlySpan<byte> from, scoped ReadOnlySpan<byte> to, bool reverse = false) => inner.Scan(from, to, reverse);

            public void Dispose() => inner.Dispose();
        }
    }
}
