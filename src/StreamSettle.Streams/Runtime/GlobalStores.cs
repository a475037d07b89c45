using StreamSettle.Streams.Log;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Streams.Runtime;

/// <summary>
/// Follows the topics of the global stores. Whatever was committed to such a topic before a record was fetched is in the store before
/// that record is processed: every thread calls <see cref="CatchUp"/> in between.
/// </summary>
sealed class GlobalStores : IDisposable
{
    readonly TaskEnvironment application;
    readonly Lock applying = new();
    readonly Bell bell = new(() => { });
    readonly TopicPartition[] partitions;
    readonly long[] applied;
    GlobalSession? session;

    public GlobalStores(TaskEnvironment application)
    {
        this.application = application;
        partitions = [.. application.Topology.Globals.SelectMany(global =>
            Enumerable.Range(0, application.Topology.Topic(global.Topic).Partitions).Select(partition => new TopicPartition(global.Topic, partition)))];
        applied = new long[partitions.Length];
    }

    public string Group => $"{application.Topology.ApplicationId}-global";

    /// <summary>Applies what is committed to the topics; returns at once, without a lock, when nothing is behind.</summary>
    public void CatchUp()
    {
        if (!IsBehind())
        {
            return;
        }

        lock (applying)
        {
            while (IsBehind())
            {
                Apply();
            }
        }
    }

    /// <summary>Drops what is in memory; the next call goes on from the committed state.</summary>
    public void Dispose()
    {
        lock (applying)
        {
            Close();
        }
    }

    bool IsBehind()
    {
        for (var i = 0; i < partitions.Length; i++)
        {
            if (Volatile.Read(ref applied[i]) < application.Log.EndOffset(partitions[i]))
            {
                return true;
            }
        }

        return false;
    }

    void Apply()
    {
        session ??= GlobalSession.Open(application, Group, bell);
        try
        {
            session.Apply();
        }
        catch
        {
            // An aborted commit leaves the overlay and the client's place ahead of what is committed.
            Close();
            throw;
        }

        for (var i = 0; i < partitions.Length; i++)
        {
            Volatile.Write(ref applied[i], session.Position(partitions[i]));
        }
    }

    void Close()
    {
        session?.Dispose();
        session = null;
    }
}
