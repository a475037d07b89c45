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
    TopicPartition[] partitions = [];
    Func<long>[] ends = [];
    Func<long>? moves;
    long seenMoves = -1;
    long[] applied = [];
    long[] wanted = [];
    GlobalSession? session;

    public GlobalStores(TaskEnvironment application)
    {
        this.application = application;
    }

    public string Group => $"{application.Topology.ApplicationId}-global";

    /// <summary>
    /// Applies what is committed to the topics; returns at once, without a lock, when nothing is behind. False when one of the records cannot be read yet: until it can,
    /// nothing that was fetched may be processed.
    /// </summary>
    public bool CatchUp()
    {
        if (!IsBehind())
        {
            return true;
        }

        lock (applying)
        {
            FindPartitions();
            for (var i = 0; i < partitions.Length; i++)
            {
                wanted[i] = ends[i]();
            }

            // Up to where the topics ended at the call: what comes meanwhile is for the next one, or a busy topic would never let go.
            while (session is null || !HasReachedWanted())
            {
                if (!Apply())
                {
                    return false;
                }
            }

            return true;
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

    // Topics of global stores are often others' and have as many partitions as those want; they are there once the application runs.
    void FindPartitions()
    {
        if (partitions.Length == 0)
        {
            TopicPartition[] found = [.. application.Topology.Globals.SelectMany(global =>
                Enumerable.Range(0, application.Log.Partitions(global.Topic)).Select(partition => new TopicPartition(global.Topic, partition)))];
            wanted = new long[found.Length];
            applied = new long[found.Length];
            ends = [.. found.Select(application.Log.KnownEndOf)];
            moves = application.Log.MovesOf(found);
            Volatile.Write(ref partitions, found);
        }
    }

    bool HasReachedWanted()
    {
        for (var i = 0; i < partitions.Length; i++)
        {
            if (applied[i] < wanted[i])
            {
                return false;
            }
        }

        return true;
    }

    bool IsBehind()
    {
        var partitions = Volatile.Read(ref this.partitions);
        if (partitions.Length == 0 || Volatile.Read(ref session) is null)
        {
            // One that failed is opened anew, or nobody would hear of what comes.
            return application.Topology.Globals.Length > 0;
        }

        // What moves while the ends are looked at is looked for again.
        var moved = moves?.Invoke();
        if (moved is { } same && same == Volatile.Read(ref seenMoves))
        {
            return false;
        }

        for (var i = 0; i < partitions.Length; i++)
        {
            if (Volatile.Read(ref applied[i]) < ends[i]())
            {
                return true;
            }
        }

        Volatile.Write(ref seenMoves, moved ?? -1);
        return false;
    }

    bool Apply()
    {
        if (session is null)
        {
            Volatile.Write(ref session, GlobalSession.Open(application, Group, bell));
        }

        bool all;
        try
        {
            all = session.Apply();
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

        return all;
    }

    void Close()
    {
        session?.Dispose();
        session = null;
    }
}
