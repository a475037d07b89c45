using StreamSettle.Connectors.Embedded.Output;
using StreamSettle.Streams.Log;

namespace StreamSettle.Connectors.Debezium.Following;

/// <summary>Says in the log what it has of the source, and keeps there what the source was read by. One caller at a time.</summary>
/// <param name="progress">The topic of the points.</param>
/// <param name="topic">Of the orders.</param>
internal sealed class PointWriter(IStreamLog log, string progress, string topic, int partitions, string run, TimeProvider time) : IDisposable
{
    /// <summary>The group under which it writes; it reads nothing.</summary>
    const string Group = "connect";

    readonly SourcePoint point = new(progress);
    ILogClient? client;

    ILogClient Client => client ??= log.OpenClient(Group, run);

    /// <summary>The end offset of each partition of the orders as it is now.</summary>
    /// <exception cref="TransactionAbortedException">The log does not answer now.</exception>
    public IReadOnlyList<long> Ends() => [.. Enumerable.Range(0, partitions).Select(partition => log.EndOffset(new(topic, partition)))];

    /// <inheritdoc cref="Ends" path="/exception"/>
    public void Write(long at, IReadOnlyList<long> ends, IReadOnlyList<long> wholeEnds)
    {
        point.Set(new(run, at, ends) { WholeEnds = wholeEnds }, time.GetUtcNow().ToUnixTimeMilliseconds());
        Commit(point.Commit);
    }

    /// <inheritdoc cref="Ends" path="/exception"/>
    public void Keep(KeptLook look)
    {
        var commit = new LogCommit();
        commit.Metadata.Add((KeptLook.MetadataName, look.ToBytes()));
        Commit(to => to.Commit(commit));
    }

    public void Dispose() => client?.Dispose();

    void Commit(Action<ILogClient> commit)
    {
        try
        {
            commit(Client);
        }
        catch (TransactionAbortedException)
        {
            // It may have been replaced, which no client gets over.
            client?.Dispose();
            client = null;
            throw;
        }
    }
}
