using StreamSettle.Streams.Embedded;
using StreamSettle.Streams.Log;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>What an embedded log is to hold, in plain collections.</summary>
internal sealed class LogModel
{
    public Dictionary<TopicPartition, List<string>> Records { get; } = [];

    public Dictionary<(string Group, TopicPartition Partition), long> Positions { get; } = [];

    public SortedDictionary<(string Store, int Partition, string Key), string> Stores { get; } = [];

    public Dictionary<string, byte> Metadata { get; } = [];

    public long End(TopicPartition partition) => Records.TryGetValue(partition, out var records) ? records.Count : 0;

    public long Position(string group, TopicPartition partition) => Positions.GetValueOrDefault((group, partition));

    /// <summary>Compares everything; of purged topics what no group has consumed must be there.</summary>
    public void Check(EmbeddedLog log, IEnumerable<TopicPartition> partitions, IReadOnlyCollection<string> groups, IEnumerable<string> stores)
    {
        foreach (var partition in partitions)
        {
            Assert.Equal(End(partition), log.EndOffset(partition));
            var from = partition.Topic == "purged" ? groups.Min(group => Position(group, partition)) : 0;
            Assert.Equal(Records.GetValueOrDefault(partition, []).Skip((int)from), log.ReadAll(partition, from));
            foreach (var group in groups)
            {
                Assert.Equal(Position(group, partition), log.CommittedPosition(group, partition));
            }
        }

        foreach (var store in stores)
        {
            var expected = Stores.Where(entry => entry.Key.Store == store).Select(entry => $"{entry.Key.Partition}/{entry.Key.Key}={entry.Value}");
            Assert.Equal(expected, Enumerable.Range(0, 2).SelectMany(partition => Scan(log, store, partition)));
        }

        foreach (var (name, value) in Metadata)
        {
            Assert.Equal([value], log.ReadMetadata(name)!);
        }
    }

    static List<string> Scan(EmbeddedLog log, string store, int partition)
    {
        var found = new List<string>();
        using var scan = log.OpenCommittedView(new(store), partition).Scan(default, default);
        while (scan.MoveNext())
        {
            found.Add($"{partition}/{System.Text.Encoding.UTF8.GetString(scan.Key)}={System.Text.Encoding.UTF8.GetString(scan.Value)}");
        }

        return found;
    }
}
