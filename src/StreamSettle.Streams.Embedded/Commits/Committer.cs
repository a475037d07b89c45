using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.Embedded.Groups;
using StreamSettle.Streams.Embedded.Topics;
using StreamSettle.Streams.Log;
using StreamSettle.Streams.RocksDb;

namespace StreamSettle.Streams.Embedded.Commits;

/// <summary>Orders the commits of all clients: one lock from giving offsets to the synced write, so that a partition's offsets are durable in their order.</summary>
internal sealed class Committer(Database database, LogFamilies families, ConsumerGroups groups, WriteHealth health)
{
    readonly Lock gate = new();
    readonly ConsumedPurge purge = new(database, families, groups);

    /// <exception cref="TransactionAbortedException">The disk failed or is full; nothing of it happened.</exception>
    /// <exception cref="EnvironmentFailedException">The same, and only a new start helps.</exception>
    /// <param name="sync">False where the next synced write is soon enough: there is one write-ahead log, so that one is after it.</param>
    public void Commit(CommitBatch commit, ConsumerGroup group, bool sync)
    {
        lock (gate)
        {
            try
            {
                commit.AssignOffsets();
                purge.AddTo(commit, group);
                database.Write(commit.Batch, sync);
            }
            catch (EnvironmentFailedException failed)
            {
                commit.Cancel();
                health.Failed(failed.Message);
                if (health.IsStuck())
                {
                    throw new EnvironmentFailedException(
                        $"the state directory takes writes again, but its database does not since {failed.Message}. Nothing is lost: start again, which opens it anew", failed);
                }

                throw new TransactionAbortedException($"the commit did not happen: {failed.Message}", failed);
            }
            catch
            {
                commit.Cancel();
                throw;
            }

            health.Happened();
            commit.Publish(group);
            purge.Publish();
        }
    }

    /// <summary>
    /// Records where a group starts in topics that are purged, so that nothing it has not read is purged from now on, whether it runs or not.
    /// </summary>
    public void Enlist(ConsumerGroup group, IEnumerable<PartitionLog> partitions)
    {
        lock (gate)
        {
            var batch = new WriteBatch();
            PartitionLog[] unknown = [.. partitions.Where(partition => partition.Retention == TopicRetention.PurgeConsumed && !group.TryGetPosition(partition, out _))];
            foreach (var partition in unknown)
            {
                groups.Put(batch, group, partition, partition.Start);
            }

            if (unknown.Length > 0)
            {
                database.Write(batch, sync: true);
            }

            foreach (var partition in unknown)
            {
                group.SetPosition(partition, partition.Start);
            }
        }
    }
}
