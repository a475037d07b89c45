using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StreamSettle.Streams.Kafka.Members;
using StreamSettle.Streams.Kafka.Reading;
using StreamSettle.Streams.Log;

namespace StreamSettle.Streams.Kafka.Stores;

/// <summary>
/// Follows the changelogs of tasks that others own into the copy, so that a task which comes over finds its state here. Which instances follow a task is drawn by
/// rendezvous hash: all take the same ones, and an instance that comes or goes moves only what is its own. For one thread.
/// </summary>
internal sealed class StandbyCopies(LocalCopy copy, CopyOwners owners, KafkaLogOptions options, ILogger logger)
{
    readonly Dictionary<TopicPartition, ChangelogCopy> followed = [];

    public IReadOnlyCollection<TopicPartition> Followed => followed.Keys;

    /// <summary>Whether an instance is one of the first <paramref name="standbys"/> of the candidates for a task.</summary>
    public static bool IsChosen(string instance, StandbyTask task, int standbys) =>
        task.Candidates.Contains(instance)
        && task.Candidates.OrderByDescending(candidate => Weight(candidate, task)).ThenBy(candidate => candidate, StringComparer.Ordinal).Take(standbys).Contains(instance);

    /// <summary>Begins and ends to follow, by what others own now.</summary>
    public void Adjust(RecordReader reader, IEnumerable<StandbyTask> tasks)
    {
        var wanted = tasks.Where(task => IsChosen(options.InstanceId, task, options.Standbys))
            .SelectMany(task => task.Stores.Select(store => new ChangelogCopy(copy, new(store), task.Partition, options.ApplicationId)))
            .Where(changelog => !owners.IsTaken(changelog.Changelog)).ToDictionary(changelog => changelog.Changelog);
        Write();
        End(reader, [.. followed.Keys.Where(changelog => !wanted.ContainsKey(changelog))]);
        foreach (var (partition, changelog) in wanted.Where(one => !followed.ContainsKey(one.Key)))
        {
            long from = 0;
            if (owners.IfFree(partition, () => from = changelog.Begin(long.MaxValue)))
            {
                followed.Add(partition, changelog);
                reader.Add(partition, from, changelog);
                logger.StandbyBegins(partition.Topic, partition.Partition, Math.Max(0, from));
            }
        }
    }

    /// <summary>Writes what was read; what a task has taken meanwhile is its own to bring in.</summary>
    public void Write()
    {
        foreach (var (partition, changelog) in followed)
        {
            if (changelog.IsOfAnother || !owners.IfFree(partition, changelog.Write))
            {
                changelog.Drop();
            }
        }
    }

    /// <summary>Lets go of what tasks have taken, and of what is of another changelog; the latter is forgotten in the copy too.</summary>
    public void Release(RecordReader reader)
    {
        var leaving = followed.Where(one => one.Value.IsOfAnother || owners.IsTaken(one.Key)).Select(one => one.Key).ToList();
        foreach (var partition in leaving.Where(partition => followed[partition].IsOfAnother))
        {
            owners.IfFree(partition, followed[partition].Forget);
        }

        End(reader, leaving);
    }

    static ulong Weight(string instance, StandbyTask task) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{instance}\n{task.Group}\n{task.Partition}"))));

    void End(RecordReader reader, List<TopicPartition> leaving)
    {
        if (leaving.Count > 0)
        {
            leaving.ForEach(partition => followed.Remove(partition));
            reader.Remove(leaving);
        }
    }
}
